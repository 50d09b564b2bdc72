using System.Text.Json.Nodes;
using Carrel.TestKit.Servers;
using Shouldly;

namespace Carrel.Conformance.Clients;

/// <summary>An instance with two user-assigned identities, of which the first may read the workspace: where clients run that have no credential of their own.</summary>
internal static class InsideMachine
{
    private const string Reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

    /// <summary>Name of the variable with the machine's container id.</summary>
    public const string Variable = "CONFORMANCE_MACHINE";

    /// <summary>Makes it; the variables that its program needs beside those of the machine.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> PrepareAsync(RunningCarrel carrel, ArmClient arm)
    {
        string path = carrel.Workspace + "/computes/inside";
        JsonObject body = JsonNode.Parse(ArmClient.InstanceBody("STANDARD_DS1_V2"))!.AsObject();
        body["identity"] = new JsonObject { ["type"] = "UserAssigned", ["userAssignedIdentities"] = new JsonObject { ["inside-one"] = new JsonObject(), ["inside-two"] = new JsonObject() } };
        await arm.WaitAsync(await arm.SendAsync(HttpMethod.Put, path, body.ToJsonString()));
        string group = $"/subscriptions/{carrel.Client["CARREL_SUBSCRIPTION"]}/resourceGroups/{carrel.Client["CARREL_GROUP"]}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/";
        JsonNode first = (await arm.SendAsync(HttpMethod.Get, group + "inside-one")).Body!["properties"]!;
        JsonNode second = (await arm.SendAsync(HttpMethod.Get, group + "inside-two")).Body!["properties"]!;
        ArmAnswer role = await arm.SendAsync(HttpMethod.Put, $"{carrel.Workspace}/providers/Microsoft.Authorization/roleAssignments/{Guid.NewGuid()}", new JsonObject
        {
            ["properties"] = new JsonObject
            {
                ["roleDefinitionId"] = $"/subscriptions/{carrel.Client["CARREL_SUBSCRIPTION"]}/providers/Microsoft.Authorization/roleDefinitions/{Reader}",
                ["principalId"] = first["principalId"]!.GetValue<string>(),
                ["principalType"] = "ServicePrincipal",
            },
        }.ToJsonString());
        ((int)role.Status).ShouldBe(201, role.Body?.ToJsonString());
        return new Dictionary<string, string> { [Variable] = await ContainerAsync(carrel), ["SECOND_CLIENT_ID"] = second["clientId"]!.GetValue<string>() };
    }

    private static async Task<string> ContainerAsync(RunningCarrel carrel)
    {
        foreach (string container in (await DockerObjects.OfAsync(carrel.Installation)).Containers)
        {
            (int code, string settings) = await DockerObjects.RunAsync("exec", container, "cat", "/run/carrel/settings.env");
            if (code == 0 && settings.Contains("CI_NAME='inside'", StringComparison.Ordinal))
                return container;
        }

        throw new InvalidOperationException("The instance 'inside' has no running machine.");
    }
}
