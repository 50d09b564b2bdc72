using System.Text.Json.Nodes;
using Carrel.TestKit.Servers;
using Shouldly;

namespace Carrel.Conformance.Clients;

/// <summary>Instances with identities: where clients run that have no credential of their own.</summary>
internal static class InsideMachine
{
    private const string Reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

    /// <summary>Name of the variable with the machine's container id.</summary>
    public const string Variable = "CONFORMANCE_MACHINE";

    /// <summary>Two user-assigned identities, of which the first may read the workspace.</summary>
    /// <returns>The variables that the program needs beside those of the machine.</returns>
    public static async Task<IReadOnlyDictionary<string, string>> OneReaderAsync(RunningCarrel carrel, ArmClient arm)
    {
        string machine = await CreateAsync(carrel, arm, "inside", UserAssigned("inside-one", "inside-two"));
        await MayReadAsync(carrel, arm, carrel.Workspace, await IdentityAsync(carrel, arm, "inside-one"));
        return new Dictionary<string, string> { [Variable] = machine, ["SECOND_CLIENT_ID"] = Text(await IdentityAsync(carrel, arm, "inside-two"), "clientId") };
    }

    /// <summary>Two user-assigned identities, both of which may read the subscription, as 'az resource list' asks.</summary>
    /// <returns>See <see cref="OneReaderAsync"/>.</returns>
    public static async Task<IReadOnlyDictionary<string, string>> TwoReadersAsync(RunningCarrel carrel, ArmClient arm)
    {
        string machine = await CreateAsync(carrel, arm, "inside-user", UserAssigned("az-one", "az-two"));
        foreach (string name in (string[])["az-one", "az-two"])
            await MayReadAsync(carrel, arm, Subscription(carrel), await IdentityAsync(carrel, arm, name));
        return new Dictionary<string, string> { [Variable] = machine, ["NAMED_CLIENT_ID"] = Text(await IdentityAsync(carrel, arm, "az-two"), "clientId") };
    }

    /// <summary>The instance's own identity, which may read the subscription.</summary>
    /// <returns>See <see cref="OneReaderAsync"/>.</returns>
    public static async Task<IReadOnlyDictionary<string, string>> OwnIdentityAsync(RunningCarrel carrel, ArmClient arm)
    {
        string machine = await CreateAsync(carrel, arm, "inside-system", new JsonObject { ["type"] = "SystemAssigned" });
        JsonNode instance = (await arm.SendAsync(HttpMethod.Get, carrel.Workspace + "/computes/inside-system")).Body!;
        await MayReadAsync(carrel, arm, Subscription(carrel), instance["identity"]!);
        (int code, string client) = await DockerObjects.RunAsync("exec", "-u", "azureuser", machine, "sh", "-c", ". /etc/profile.d/carrel.sh; echo $DEFAULT_IDENTITY_CLIENT_ID");
        code.ShouldBe(0, client);
        return new Dictionary<string, string> { [Variable] = machine, ["NAMED_CLIENT_ID"] = client.Trim() };
    }

    private static string Subscription(RunningCarrel carrel) => "/subscriptions/" + carrel.Client["CARREL_SUBSCRIPTION"];

    private static JsonObject UserAssigned(params string[] names) => new()
    {
        ["type"] = "UserAssigned",
        ["userAssignedIdentities"] = new JsonObject(names.Select(name => KeyValuePair.Create<string, JsonNode?>(name, new JsonObject()))),
    };

    private static async Task<string> CreateAsync(RunningCarrel carrel, ArmClient arm, string name, JsonObject identity)
    {
        JsonObject body = JsonNode.Parse(ArmClient.InstanceBody("STANDARD_DS1_V2"))!.AsObject();
        body["identity"] = identity;
        await arm.WaitAsync(await arm.SendAsync(HttpMethod.Put, $"{carrel.Workspace}/computes/{name}", body.ToJsonString()));
        foreach (string container in (await DockerObjects.OfAsync(carrel.Installation)).Containers)
        {
            (int code, string settings) = await DockerObjects.RunAsync("exec", container, "cat", "/run/carrel/settings.env");
            if (code == 0 && settings.Contains($"CI_NAME='{name}'", StringComparison.Ordinal))
                return container;
        }

        throw new InvalidOperationException($"The instance '{name}' has no running machine.");
    }

    private static async Task<JsonNode> IdentityAsync(RunningCarrel carrel, ArmClient arm, string name) =>
        (await arm.SendAsync(HttpMethod.Get, $"{Subscription(carrel)}/resourceGroups/{carrel.Client["CARREL_GROUP"]}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}")).Body!["properties"]!;

    private static async Task MayReadAsync(RunningCarrel carrel, ArmClient arm, string scope, JsonNode identity)
    {
        ArmAnswer role = await arm.SendAsync(HttpMethod.Put, $"{scope}/providers/Microsoft.Authorization/roleAssignments/{Guid.NewGuid()}", new JsonObject
        {
            ["properties"] = new JsonObject
            {
                ["roleDefinitionId"] = $"{Subscription(carrel)}/providers/Microsoft.Authorization/roleDefinitions/{Reader}",
                ["principalId"] = Text(identity, "principalId"),
                ["principalType"] = "ServicePrincipal",
            },
        }.ToJsonString());
        ((int)role.Status).ShouldBe(201, role.Body?.ToJsonString());
    }

    private static string Text(JsonNode node, string member) => node[member]!.GetValue<string>();
}
