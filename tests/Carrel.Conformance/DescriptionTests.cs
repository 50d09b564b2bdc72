using System.Text.Json;
using Carrel.Conformance.Clients;
using Carrel.Conformance.Description;
using Shouldly;
using Xunit;

namespace Carrel.Conformance;

/// <summary>The checker itself: what is documented passes, and everything else is found.</summary>
public sealed class DescriptionTests
{
    private const string Compute = "/subscriptions/S/resourceGroups/G/providers/Microsoft.MachineLearningServices/workspaces/W/computes/C";

    private static readonly ApiDescription Description = ApiDescription.Read(Path.Combine(ClientProgram.Folder, "openapi"));

    [Theory]
    [InlineData("""{"id":"i","name":"n","type":"t","properties":{"computeType":"ComputeInstance","properties":{"state":"Running","vmSize":"S"}}}""")]
    [InlineData("""{"properties":{"computeType":"ComputeInstance","createdOn":"2021-04-01T22:00:00.0000000+00:00","properties":{"errors":null}},"tags":{"a":"b"}}""")]
    [InlineData("""{"properties":{"computeType":"ComputeInstance","properties":{"customServices":[{"type":"docker","name":"x"}]}}}""")]
    public void What_is_described_passes(string body) => Findings("GET", Compute, 200, body).ShouldBeEmpty();

    [Theory]
    [InlineData("""{"properties":{}}""", "$.properties.computeType is missing")]
    [InlineData("""{"properties":{"computeType":"computeinstance"}}""", "no type derived from Compute")]
    [InlineData("""{"properties":{"computeType":"ComputeInstance","properties":{"state":"running"}}}""", "$.properties.properties.state is 'running'")]
    [InlineData("""{"properties":{"computeType":"ComputeInstance","properties":{"colour":"red"}}}""", "$.properties.properties.colour is not a member")]
    [InlineData("""{"properties":{"computeType":"ComputeInstance","properties":{"enableSSO":"true"}}}""", "$.properties.properties.enableSSO is String")]
    [InlineData("""{"properties":{"computeType":"ComputeInstance","createdOn":"yesterday"}}""", "$.properties.createdOn is 'yesterday'")]
    [InlineData("""{"properties":{"computeType":"ComputeInstance","provisioningErrors":[{"error":{"code":7}}]}}""", "$.properties.provisioningErrors[0].error.code is Number")]
    [InlineData("""{"tags":{"a":1},"properties":{"computeType":"ComputeInstance"}}""", "$.tags.a is Number")]
    [InlineData("""{"identity":{"principalId":"p"},"properties":{"computeType":"ComputeInstance"}}""", "$.identity.type is missing")]
    [InlineData("[]", "$ is Array")]
    public void What_is_not_described_is_found(string body, string finding) => Findings("GET", Compute, 200, body).ShouldHaveSingleItem().ShouldContain(finding);

    [Theory]
    [InlineData("GET", Compute + "/secrets", 200, "{}", "no such operation")]
    [InlineData("GET", Compute, 203, "{}", "this status is not documented")]
    [InlineData("GET", Compute, 500, "{}", "a server error")]
    [InlineData("GET", Compute, 200, null, "no body")]
    [InlineData("POST", Compute + "/stop", 202, "{}", "a body, but none")]
    [InlineData("GET", Compute, 404, null, "a refusal without a body")]
    [InlineData("GET", Compute, 404, """{"error":{"code":"X"}}""", "error.message is missing")]
    [InlineData("GET", "/subscriptions/S/resourcegroups/G/providers/Microsoft.MachineLearningServices/workspaces/W/computes", 200, "[]", "$.value is not an array")]
    public void What_is_answered_otherwise_is_found(string method, string path, int status, string? body, string finding) =>
        Findings(method, path, status, body).ShouldHaveSingleItem().ShouldContain(finding);

    [Fact]
    public void A_line_that_allows_a_member_needs_a_reason_and_a_use()
    {
        Should.Throw<InvalidDataException>(() => new AllowedMembers(["Compute.colour"]));
        var allowed = new AllowedMembers(["# words", "", "Compute.colour Because.", "Compute.shape Because."]);
        allowed.Allows("Compute", "colour").ShouldBeTrue();
        allowed.Allows("Compute", "size").ShouldBeFalse();
        allowed.Unused.ShouldBe(["Compute.shape"]);
    }

    private static string[] Findings(string method, string path, int status, string? body)
    {
        var check = new AnswerCheck(Description, new ShapeCheck(Description, new AllowedMembers(["CustomService.type Wire 3.2."])));
        JsonElement? json = body is null ? null : JsonDocument.Parse(body).RootElement;
        return [.. check.Findings(new Exchange(method, path, "", "", status, new Dictionary<string, string>(), json))];
    }
}
