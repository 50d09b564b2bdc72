using Carrel.AgentProtocol.Identity;
using Carrel.Identity.Metadata;

namespace Carrel.Identity.Tests.Metadata;

/// <summary>The table of contract 9.3, as far as a request alone decides it.</summary>
public sealed class MetadataRulesTests
{
    private const string Good = "?api-version=2018-02-01&resource=https%3A%2F%2Fmanagement.azure.com";

    [Fact]
    public void A_good_request_is_a_question_with_the_resource_exactly_as_asked()
    {
        Read(Good).Question.ShouldBe(new IdentityQuestion("https://management.azure.com"));
        Read(Good + "/&client_id=x").Question.ShouldBe(new IdentityQuestion("https://management.azure.com/", IdentitySelector.ClientId, "x"));
        Read(Good + "&object_id=x").Question!.Selector.ShouldBe(IdentitySelector.ObjectId);
        Read(Good + "&mi_res_id=x").Question!.Selector.ShouldBe(IdentitySelector.ResourceId);
        Read(Good + "&client_id=").Question!.Selector.ShouldBe(IdentitySelector.Default);
        Read(Good.Replace("2018-02-01", "2021-12-13", StringComparison.Ordinal)).Question.ShouldNotBeNull();
    }

    [Theory(DisplayName = "9.T7 The header has to be there, once, and exactly 'true'")]
    [InlineData]
    [InlineData("True")]
    [InlineData("TRUE")]
    [InlineData("true ")]
    [InlineData("1")]
    [InlineData("true", "true")]
    public void Another_header_is_bad_request_102(params string[] values) => ShouldBe(Read(Good, metadata: values), 400, "bad_request_102");

    [Theory]
    [InlineData("")]
    [InlineData("?resource=r")]
    [InlineData("?api-version=2018-02-01")]
    [InlineData("?api-version=2018-02-01&resource=")]
    [InlineData("?api-version=2017-09-01&resource=r")]
    [InlineData("?api-version=latest&resource=r")]
    [InlineData("?api-version=2018-02-01&resource=r&resource=r")]
    [InlineData("?api-version=2018-02-01&resource=r&RESOURCE=s")]
    [InlineData("?api-version=2018-02-01&api-version=2018-02-01&resource=r")]
    [InlineData("?api-version=2018-02-01&resource=r&client_id=a&client_id=b")]
    [InlineData("?api-version=2018-02-01&resource=r&client_id=a&object_id=b")]
    public void A_missing_double_or_wrong_parameter_is_invalid_request(string query) => ShouldBe(Read(query), 400, "invalid_request");

    [Theory]
    [InlineData("/")]
    [InlineData("/metadata/identity/oauth2/token/")]
    [InlineData("/metadata/instance")]
    [InlineData("/MSI/auth")]
    public void Another_path_is_unknown_source(string path) => ShouldBe(Read(Good, path), 401, "unknown_source");

    [Fact]
    public void A_forwarded_request_and_another_method_are_refused()
    {
        ShouldBe(Read(Good, forwarded: true), 400, "invalid_request");
        ShouldBe(Read(Good, method: "POST"), 400, "invalid_request");
    }

    [Fact]
    public void A_refusal_is_written_with_both_members() =>
        IdentityRefusal.NoMetadataHeader.ToJson().ShouldBe("""{"error":"bad_request_102","error_description":"Required metadata header not specified: send \u0027Metadata: true\u0027."}""");

    private static IdentityReading Read(string query, string path = "/metadata/identity/oauth2/token", string method = "GET", string[]? metadata = null, bool forwarded = false) =>
        MetadataRules.Read(new MetadataRequest(method, path, query, metadata ?? ["true"], forwarded));

    private static void ShouldBe(IdentityReading reading, int status, string error) => (reading.Refusal?.Status, reading.Refusal?.Error).ShouldBe((status, error));
}
