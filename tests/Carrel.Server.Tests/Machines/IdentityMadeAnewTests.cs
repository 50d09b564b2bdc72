using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Carrel.TestKit.Servers;
using Shouldly;
using Xunit;

namespace Carrel.Server.Tests.Machines;

/// <summary>What an identity that has an old one's name may do, with tokens that real machines get (contract 9.3).</summary>
public sealed class IdentityMadeAnewTests : IAsyncLifetime
{
    private const string Reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

    private RunningCarrel _carrel = null!;
    private ArmClient _arm = null!;

    private string Desk => _carrel.Workspace + "/computes/anew-desk";

    private string Robot =>
        $"/subscriptions/{_carrel.Client["CARREL_SUBSCRIPTION"]}/resourceGroups/{_carrel.Client["CARREL_GROUP"]}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/robot";

    public async ValueTask InitializeAsync()
    {
        _carrel = await RunningCarrel.StartAsync();
        _arm = await ArmClient.SignInAsync(_carrel);
    }

    public async ValueTask DisposeAsync()
    {
        _arm.Dispose();
        await _carrel.DisposeAsync();
    }

    [Fact(DisplayName = "9.T10 A user-assigned identity made anew under the old name is another principal, and the old assignment gives it nothing")]
    public async Task A_user_assigned_identity()
    {
        const string attached = """{"type":"UserAssigned","userAssignedIdentities":{"robot":{}}}""";
        await CreateAsync(attached);
        string old = await PrincipalOfRobotAsync();
        string assignment = await AssignAsync(old);
        (await ListAsync(old)).ShouldBe(HttpStatusCode.OK);

        (await _arm.SendAsync(HttpMethod.Patch, Desk, """{"identity":{"type":"None"}}""")).Status.ShouldBe(HttpStatusCode.OK);
        (await _arm.SendAsync(HttpMethod.Delete, Robot)).Status.ShouldBe(HttpStatusCode.OK);
        (await _arm.SendAsync(HttpMethod.Patch, Desk, $$"""{"identity":{{attached}}}""")).Status.ShouldBe(HttpStatusCode.OK);

        await ShouldNeedAnAssignmentOfItsOwnAsync(await PrincipalOfRobotAsync(), old, assignment);
    }

    [Fact(DisplayName = "9.T10 The identity of an instance made anew under the old name is another principal, and the old assignment gives it nothing")]
    public async Task A_system_assigned_identity()
    {
        const string own = """{"type":"SystemAssigned"}""";
        await CreateAsync(own);
        string old = await PrincipalOfDeskAsync();
        string assignment = await AssignAsync(old);
        (await ListAsync(old)).ShouldBe(HttpStatusCode.OK);

        await _arm.WaitAsync(await _arm.SendAsync(HttpMethod.Delete, Desk));
        await CreateAsync(own);

        await ShouldNeedAnAssignmentOfItsOwnAsync(await PrincipalOfDeskAsync(), old, assignment);
    }

    private async Task ShouldNeedAnAssignmentOfItsOwnAsync(string anew, string old, string assignment)
    {
        anew.ShouldNotBe(old);
        (await _arm.SendAsync(HttpMethod.Get, assignment)).Body!["properties"]!["principalId"]!.GetValue<string>().ShouldBe(old, "the old assignment is still there");
        (await ListAsync(anew)).ShouldBe(HttpStatusCode.Forbidden);
        await AssignAsync(anew);
        (await ListAsync(anew)).ShouldBe(HttpStatusCode.OK);
    }

    // With a token that the machine gets now, and that has to be this principal's.
    private async Task<HttpStatusCode> ListAsync(string principal)
    {
        string machine = (await DockerObjects.OfAsync(_carrel.Installation)).Containers.Single();
        string answer = await DockerObjects.ExecuteAsync(
            machine, "curl -s -m 20 -H 'Metadata: true' 'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://management.azure.com'");
        string token = JsonNode.Parse(answer)!["access_token"]?.GetValue<string>() ?? throw new InvalidOperationException(answer);
        JsonNode claims = JsonNode.Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token.Split('.')[1])))!;
        claims["oid"]!.GetValue<string>().ShouldBe(principal);
        using HttpClient client = _carrel.CreateClient(token);
        using HttpResponseMessage list = await client.GetAsync(_carrel.Workspace + "/computes?api-version=2025-12-01");
        return list.StatusCode;
    }

    private async Task CreateAsync(string identity)
    {
        JsonObject body = JsonNode.Parse(ArmClient.InstanceBody("STANDARD_DS1_V2"))!.AsObject();
        body["identity"] = JsonNode.Parse(identity);
        await _arm.WaitAsync(await _arm.SendAsync(HttpMethod.Put, Desk, body.ToJsonString()));
    }

    private async Task<string> AssignAsync(string principal)
    {
        string assignment = $"{_carrel.Workspace}/providers/Microsoft.Authorization/roleAssignments/{Guid.NewGuid()}";
        ArmAnswer given = await _arm.SendAsync(HttpMethod.Put, assignment, new JsonObject
        {
            ["properties"] = new JsonObject
            {
                ["roleDefinitionId"] = $"/subscriptions/{_carrel.Client["CARREL_SUBSCRIPTION"]}/providers/Microsoft.Authorization/roleDefinitions/{Reader}",
                ["principalId"] = principal,
                ["principalType"] = "ServicePrincipal",
            },
        }.ToJsonString());
        given.Status.ShouldBe(HttpStatusCode.Created, given.Body?.ToJsonString());
        return assignment;
    }

    private async Task<string> PrincipalOfRobotAsync() => (await _arm.SendAsync(HttpMethod.Get, Robot)).Body!["properties"]!["principalId"]!.GetValue<string>();

    private async Task<string> PrincipalOfDeskAsync() => (await _arm.SendAsync(HttpMethod.Get, Desk)).Body!["identity"]!["principalId"]!.GetValue<string>();
}
