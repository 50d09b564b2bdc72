using System.Text.Json.Nodes;
using Azure;
using Azure.Core;
using Azure.Identity;
using Azure.ResourceManager;
using Azure.ResourceManager.Resources;
using static Carrel.Conformance.DotNet.Cases;

// Azure.ResourceManager, unmodified. A program of its own, because SSL_CERT_FILE is read when a process starts.
static string Setting(string name) => Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set.");

string url = Setting("CARREL_URL");
string group = Setting("CARREL_GROUP");
string location = Setting("CARREL_LOCATION");
string suffix = string.Concat(Guid.NewGuid().ToString("N").Where(char.IsLetter).Take(6)) + "x";

ArmClient SignIn(string secret) => new(
    new ClientSecretCredential(
        Setting("CARREL_TENANT"), Setting("CARREL_CLIENT_ID"), secret,
        new ClientSecretCredentialOptions { AuthorityHost = new Uri(url), DisableInstanceDiscovery = true }),
    Setting("CARREL_SUBSCRIPTION"),
    new ArmClientOptions { Environment = new ArmEnvironment(new Uri(url), url) });

ArmClient client = SignIn(Setting("CARREL_CLIENT_SECRET"));
SubscriptionResource subscription = await client.GetDefaultSubscriptionAsync();
var workspace = new ResourceIdentifier($"{subscription.Id}/resourceGroups/{group}/providers/Microsoft.MachineLearningServices/workspaces/net-{suffix}");
ResourceIdentifier compute = new($"{workspace}/computes/ci-{suffix}");
static JsonNode Properties(GenericResource resource) => JsonNode.Parse(resource.Data.Properties.ToString())!;

await TestAsync("a wrong secret is refused as a failed sign-in", async () =>
{
    try
    {
        await SignIn("wrong").GetDefaultSubscriptionAsync();
    }
    catch (AuthenticationFailedException refusal) when (refusal.InnerException!.Message.Contains("7000215", StringComparison.Ordinal))
    {
        return;
    }

    throw new InvalidOperationException("a wrong secret was accepted");
});

await TestAsync("subscription get and list", async () =>
{
    Equal(subscription.Data.SubscriptionId, Setting("CARREL_SUBSCRIPTION"));
    var found = new List<string>();
    await foreach (SubscriptionResource row in client.GetSubscriptions().GetAllAsync())
        found.Add(row.Data.SubscriptionId);
    Equal(string.Join(',', found), Setting("CARREL_SUBSCRIPTION"));
    await foreach (TenantResource tenant in client.GetTenants().GetAllAsync())
        Equal(tenant.Data.TenantId.ToString(), Setting("CARREL_TENANT"));
});

await TestAsync("resource group get and list", async () =>
{
    ResourceGroupResource found = await subscription.GetResourceGroupAsync(group);
    Equal((found.Data.Name, found.Data.Location.ToString(), found.Data.ResourceGroupProvisioningState), (group, location, "Succeeded"));
    var names = new List<string>();
    await foreach (ResourceGroupResource row in subscription.GetResourceGroups().GetAllAsync())
        names.Add(row.Data.Name);
    Equal(names.Contains(group), true);
});

await TestAsync("resource group create, and create again with tags", async () =>
{
    ResourceGroupCollection groups = subscription.GetResourceGroups();
    await groups.CreateOrUpdateAsync(WaitUntil.Completed, $"net-{suffix}", new ResourceGroupData(location));
    ResourceGroupResource made = (await groups.CreateOrUpdateAsync(WaitUntil.Completed, $"net-{suffix}", new ResourceGroupData(location) { Tags = { ["made"] = "by .NET" } })).Value;
    Equal((made.Data.Name, made.Data.Tags["made"]), ($"net-{suffix}", "by .NET"));
    Equal((await groups.ExistsAsync($"net-{suffix}")).Value, true);
    Equal((await groups.ExistsAsync("no-such-group")).Value, false);
});

await TestAsync("an absent resource group is refused by code", () => RefusedAsync(() => subscription.GetResourceGroupAsync("no-such-group"), 404, "ResourceGroupNotFound"));

await TestAsync("generic workspace create", async () =>
{
    GenericResource made = (await client.GetGenericResources().CreateOrUpdateAsync(WaitUntil.Completed, workspace, new GenericResourceData(location)
    {
        Properties = BinaryData.FromObjectAsJson(new { friendlyName = "Made by .NET" }),
        Identity = new Azure.ResourceManager.Models.ManagedServiceIdentity(Azure.ResourceManager.Models.ManagedServiceIdentityType.SystemAssigned),
    })).Value;
    Equal((made.Data.Name, (string?)Properties(made)["friendlyName"], (string?)Properties(made)["provisioningState"]), ($"net-{suffix}", "Made by .NET", "Succeeded"));
    Equal(made.Data.Identity.PrincipalId.HasValue, true);
});

await TestAsync("generic compute create, waited for to its end", async () =>
{
    GenericResource made = (await client.GetGenericResources().CreateOrUpdateAsync(WaitUntil.Completed, compute, new GenericResourceData(location)
    {
        Properties = BinaryData.FromObjectAsJson(new { computeType = "ComputeInstance", properties = new { vmSize = "STANDARD_DS2_V2" } }),
    })).Value;
    JsonNode properties = Properties(made);
    Equal(((string?)properties["provisioningState"], (string?)properties["properties"]!["state"]), ("Succeeded", "Running"));
});

await TestAsync("generic compute get", async () =>
{
    GenericResource found = await client.GetGenericResource(compute).GetAsync();
    Equal((found.Data.Name, found.Data.Location.ToString(), found.Data.ResourceType.ToString()), ($"ci-{suffix}", location, "Microsoft.MachineLearningServices/workspaces/computes"));
    Equal((string?)Properties(found)["properties"]!["vmSize"], "STANDARD_DS2_V2");
});

await TestAsync("generic compute update of tags", async () =>
{
    GenericResource found = await client.GetGenericResource(compute).GetAsync();
    await found.UpdateAsync(WaitUntil.Completed, new GenericResourceData(location) { Tags = { ["told"] = "by .NET" } });
    GenericResource after = await client.GetGenericResource(compute).GetAsync();
    Equal((after.Data.Tags["told"], (string?)Properties(after)["properties"]!["state"]), ("by .NET", "Running"));
});

await TestAsync("generic resources of the group and of the subscription, and existence by id", async () =>
{
    ResourceGroupResource own = await subscription.GetResourceGroupAsync(group);
    var inGroup = new List<string>();
    await foreach (GenericResource row in own.GetGenericResourcesAsync())
        inGroup.Add(row.Data.Id.ToString());
    Equal(inGroup.Contains(workspace.ToString()) && inGroup.Contains(compute.ToString()), true);
    var filtered = new List<string>();
    await foreach (GenericResource row in subscription.GetGenericResourcesAsync(filter: "resourceType eq 'Microsoft.MachineLearningServices/workspaces/computes'"))
        filtered.Add(row.Data.Id.ToString());
    Equal(filtered.Contains(compute.ToString()) && !filtered.Contains(workspace.ToString()), true);
    Equal((await client.GetGenericResources().ExistsAsync(compute)).Value, true);
    Equal((await client.GetGenericResources().ExistsAsync(new ResourceIdentifier($"{compute}not"))).Value, false);
});

await TestAsync("a generic refusal carries status and code", () => RefusedAsync(
    () => client.GetGenericResources().CreateOrUpdateAsync(WaitUntil.Completed, new ResourceIdentifier($"{workspace}/computes/cpu-cluster-1"), new GenericResourceData(location)
    {
        Properties = BinaryData.FromObjectAsJson(new { computeType = "ComputeInstance", properties = new { vmSize = "STANDARD_DS2_V2" } }),
    }),
    400,
    "InvalidComputeName"));

await TestAsync("generic compute delete, waited for to its end", async () =>
{
    await client.GetGenericResource(compute).DeleteAsync(WaitUntil.Completed);
    await RefusedAsync(() => client.GetGenericResource(compute).GetAsync(), 404, "ResourceNotFound");
});

await TestAsync("generic workspace delete, waited for to its end", async () =>
{
    await client.GetGenericResource(workspace).DeleteAsync(WaitUntil.Completed);
    await RefusedAsync(() => client.GetGenericResource(workspace).GetAsync(), 404, "ResourceNotFound");
});

await TestAsync("resource group delete, waited for to its end", async () =>
{
    ResourceGroupResource made = await subscription.GetResourceGroupAsync($"net-{suffix}");
    await made.DeleteAsync(WaitUntil.Completed);
    Equal((await subscription.GetResourceGroups().ExistsAsync($"net-{suffix}")).Value, false);
});
