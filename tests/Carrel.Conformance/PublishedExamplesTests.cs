using System.Text.Json.Nodes;
using Carrel.Conformance.Clients;
using Carrel.Conformance.Examples;
using Carrel.TestKit.Servers;
using Shouldly;
using Xunit;

namespace Carrel.Conformance;

/// <summary>The published examples about compute instances are accepted as they stand, and the answers have their members and value types.</summary>
public sealed class PublishedExamplesTests(ConformanceRun run)
{
    private const string Current = "2025-12-01/";
    private const string PlaceholderUser = "00000000-0000-0000-0000-000000000000";

    // The example's list is the first page of two attached clusters.
    private static readonly string[] OfClusters = ["$.nextLink is missing", "$.value[0].properties.resourceId is null, in the example it is String"];

    // The example's nodes are a cluster's first page, with SSH switched on.
    private static readonly string[] OfNodes =
    [
        "$.nodes[0].port is null, in the example it is Number",
        "$.nextLink is missing",
    ];

    private string Tenant => run.Carrel.Client["CARREL_TENANT"];

    private string Group => $"/subscriptions/{run.Carrel.Client["CARREL_SUBSCRIPTION"]}/resourceGroups/{run.Carrel.Client["CARREL_GROUP"]}";

    private string Location => $"/subscriptions/{run.Carrel.Client["CARREL_SUBSCRIPTION"]}/providers/Microsoft.MachineLearningServices/locations/{run.Carrel.Client["CARREL_LOCATION"]}";

    [Fact]
    public async Task The_smallest_instance_is_created_stopped_started_and_deleted()
    {
        string path = Compute("exampleminimal");
        PublishedExample create = Example(Current + "Compute/createOrUpdate/ComputeInstanceMinimal.json");

        ArmAnswer created = await ReplayAsync(create, HttpMethod.Put, path, create.Body());
        await run.Arm.WaitAsync(created);
        await run.Arm.WaitAsync(await ReplayAsync(Example(Current + "Compute/stop.json"), HttpMethod.Post, path + "/stop"));
        await run.Arm.WaitAsync(await ReplayAsync(Example("2024-10-01/Compute/start.json"), HttpMethod.Post, path + "/start"));
        await ChangeAsync("Compute/updateIdleShutdownSetting.json", path, "updateIdleShutdownSetting", "parameters");
        await ChangeAsync("Compute/updateCustomServices.json", path, "customServices", "customServices");
        await ChangeAsync("Compute/updateDataMounts.json", path, "updateDataMounts", "dataMounts");
        JsonNode changed = (await run.Arm.SendAsync(HttpMethod.Get, path)).Body!["properties"]!["properties"]!;
        changed["idleTimeBeforeShutdown"]!.GetValue<string>().ShouldBe("PT120M");
        changed["customServices"]![0]!["name"]!.GetValue<string>().ShouldBe("rstudio-workbench");
        await ReplayAsync(Example(Current + "Compute/listNodes.json"), HttpMethod.Post, path + "/listNodes", differences: OfNodes);
        PublishedExample delete = Example(Current + "Compute/delete.json");
        await run.Arm.WaitAsync(await ReplayAsync(delete, HttpMethod.Delete, path + "?underlyingResourceAction=Delete"));
        await ReplayAsync(delete, HttpMethod.Delete, path + "?underlyingResourceAction=Delete");
    }

    [Fact]
    public async Task The_whole_instance_is_created_and_read_back()
    {
        // A workspace of its own, so that the list holds this instance alone.
        string workspace = $"{Group}/providers/Microsoft.MachineLearningServices/workspaces/published-examples";
        await run.Arm.WaitAsync(await run.Arm.SendAsync(HttpMethod.Put, workspace, $$"""{"location":"{{run.Carrel.Client["CARREL_LOCATION"]}}"}"""));
        string path = workspace + "/computes/compute123";
        PublishedExample create = Example(Current + "Compute/createOrUpdate/ComputeInstance.json");
        ArmAnswer created = await ReplayAsync(create, HttpMethod.Put, path, create.Body());
        await run.Arm.WaitAsync(created);
        await run.Arm.WaitAsync(await run.Arm.SendAsync(HttpMethod.Delete, path));

        // The example of an answer has a description, and SSH switched on, which the example of a request has not.
        JsonNode body = create.Body();
        body["properties"]!["description"] = "some compute";
        body["properties"]!["properties"]!["sshSettings"] = new JsonObject { ["sshPublicAccess"] = "Enabled", ["adminPublicKey"] = SshKey.Create() };
        await run.Arm.WaitAsync(await ReplayAsync(create, HttpMethod.Put, path, body));
        await ReplayAsync(Example(Current + "Compute/get/ComputeInstance.json"), HttpMethod.Get, path);
        await ReplayAsync(Example(Current + "Compute/list.json"), HttpMethod.Get, workspace + "/computes", differences: OfClusters);
        await run.Arm.WaitAsync(await run.Arm.SendAsync(HttpMethod.Delete, path));
    }

    [Fact]
    public Task Sizes_are_listed() => ReplayAsync(Example(Current + "VirtualMachineSize/list.json"), HttpMethod.Get, Location + "/vmSizes");

    [Fact]
    public Task Usages_are_listed() => ReplayAsync(Example(Current + "Usage/list.json"), HttpMethod.Get, Location + "/usages");

    private async Task ChangeAsync(string file, string path, string call, string parameter)
    {
        PublishedExample example = Example(Current + file);
        await ReplayAsync(example, HttpMethod.Post, $"{path}/{call}", example.Body(parameter));
    }

    // The person, the tenant and the subnet of the examples are placeholders that no server could accept; of GPUs the quota is 0.
    private PublishedExample Example(string file) => PublishedExample.Read(file, new Dictionary<string, string>
    {
        [$"\"objectId\": \"{PlaceholderUser}\""] = $"\"objectId\": \"{run.Person}\"",
        [$"\"tenantId\": \"{PlaceholderUser}\""] = $"\"tenantId\": \"{Tenant}\"",
        ["test_variable"] = "test_var",
        ["STANDARD_NC6"] = "STANDARD_DS2_V2",
        ["test-subnet-resource-id"] = $"{Group}/providers/Microsoft.Network/virtualNetworks/example/subnets/default",
    });

    private string Compute(string name) => $"{run.Carrel.Workspace}/computes/{name}";

    private async Task<ArmAnswer> ReplayAsync(PublishedExample example, HttpMethod method, string path, JsonNode? body = null, string[]? differences = null)
    {
        ArmAnswer answer = await run.Arm.SendAsync(method, $"{path}{(path.Contains('?') ? '&' : '?')}api-version={example.ApiVersion}", body?.ToJsonString());
        int status = (int)answer.Status;
        example.Answers(status).ShouldBeTrue($"{method} {path} answered {status}: {answer.Body?.ToJsonString()}");
        ExampleShape.Differences(example.AnswerBody(status), answer.Body).ShouldBe(differences ?? [], $"{method} {path}");
        foreach (string header in example.AnswerHeaders(status))
            answer.Message.Headers.Contains(header).ShouldBeTrue($"{method} {path}: {header}");
        return answer;
    }
}
