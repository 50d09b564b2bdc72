using Carrel.Agent.Identity;
using Carrel.AgentProtocol.Identity;

namespace Carrel.Agent.Tests.Identity;

/// <summary>The table of contract 9.3 for MSI_ENDPOINT, as far as a request alone decides it.</summary>
public sealed class MsiRulesTests
{
    private const string Secret = "s3cret";
    private const string Good = "?resource=https://management.azure.com&clientid=None&api-version=2017-09-01";

    [Theory(DisplayName = "9.T5 The documentation's request names no client id, an empty one or the text None: each means the default identity")]
    [InlineData(Good)]
    [InlineData("?resource=https://management.azure.com&clientid=&api-version=2017-09-01")]
    [InlineData("?api-version=2017-09-01&resource=https%3a%2f%2fmanagement.azure.com")]
    public void The_default_identity(string query) => Read(query).Question.ShouldBe(new IdentityQuestion("https://management.azure.com"));

    [Fact]
    public void A_named_identity() => Read("?resource=r&clientid=x&api-version=2017-09-01").Question.ShouldBe(new IdentityQuestion("r", IdentitySelector.ClientId, "x"));

    [Theory(DisplayName = "9.T6 Without the secret, or with a wrong one, it is 401 unauthorized_client, whatever else is wrong")]
    [InlineData(null, Good)]
    [InlineData("", Good)]
    [InlineData("S3CRET", Good)]
    [InlineData("s3cret ", "")]
    public void A_wrong_secret(string? secret, string query) => ShouldBe(Read(query, secret: secret), 401, "unauthorized_client");

    [Theory(DisplayName = "9.T6 Without resource, or with another api-version, it is 400 invalid_request")]
    [InlineData("?api-version=2017-09-01")]
    [InlineData("?api-version=2019-08-01&resource=r")]
    [InlineData("?resource=r")]
    [InlineData("?api-version=2017-09-01&resource=r&resource=r")]
    public void A_wrong_query(string query) => ShouldBe(Read(query), 400, "invalid_request");

    [Theory]
    [InlineData("evil.example:46808")]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1")]
    [InlineData("")]
    public void A_request_that_names_another_host_is_refused_although_it_has_the_secret(string host) => ShouldBe(Read(Good, host: host), 400, "invalid_request");

    [Theory]
    [InlineData("/msi/AUTH")]
    [InlineData("/MSI/auth/")]
    public void The_path_is_meant_in_any_case_and_with_the_slash_that_az_appends(string path) => Read(Good, path: path).Question.ShouldNotBeNull();

    [Fact]
    public void Another_path_way_or_method_is_refused_although_it_has_the_secret()
    {
        ShouldBe(Read(Good, path: "/"), 401, "unknown_source");
        ShouldBe(Read(Good, path: "/MSI/auth/x"), 401, "unknown_source");
        ShouldBe(Read(Good, path: "/MSI/auth//"), 401, "unknown_source");
        ShouldBe(Read(Good, forwarded: true), 400, "invalid_request");
        ShouldBe(Read(Good, method: "POST"), 400, "invalid_request");
    }

    private static IdentityReading Read(string query, string? secret = Secret, string path = "/MSI/auth", string host = "127.0.0.1:46808", string method = "GET", bool forwarded = false) =>
        MsiRules.Read(new MsiRequest(method, path, query, host, secret, forwarded), Secret, 46808);

    private static void ShouldBe(IdentityReading reading, int status, string error) => (reading.Refusal?.Status, reading.Refusal?.Error).ShouldBe((status, error));
}
