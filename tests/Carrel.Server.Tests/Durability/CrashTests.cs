using System.Net;
using System.Text.Json.Nodes;
using Carrel.TestKit.Servers;
using Shouldly;
using Xunit;

namespace Carrel.Server.Tests.Durability;

/// <summary>The server dies as by a power failure at each recorded step; the next start ends in the asked state, without orphan or duplicate.</summary>
public sealed class CrashTests
{
    private static string FaultServer => Path.Combine(AppContext.BaseDirectory, "Carrel.FaultServer.dll");

    public static TheoryData<string> CreateSteps => Points("Create", ["EnsureNetwork", "EnsureMachine", "StartMachine", "ConfigureMachine", "AwaitApplications"]);

    public static TheoryData<string> OtherSteps =>
        [.. Points("Start", ["StartMachine"]), .. Points("Stop", ["StopMachine"]), .. Points("Restart", ["StopMachine", "StartMachine"])];

    [Theory]
    [MemberData(nameof(CreateSteps))]
    public async Task A_server_killed_while_it_creates_an_instance_finishes_it_after_the_next_start(string fault)
    {
        await using RunningCarrel carrel = await StartAsync(fault);
        using ArmClient arm = await ArmClient.SignInAsync(carrel);
        string path = carrel.Workspace + "/computes/crash-one";

        await arm.SendAsync(HttpMethod.Put, path, ArmClient.InstanceBody());
        await DieAndStartAgainAsync(carrel);

        await EventuallyAsync(arm, path, "Running");
        (await CountAsync(carrel)).ShouldBe((1, 1, 1));
    }

    [Theory]
    [InlineData("Reimage:RemoveMachine:before")]
    [InlineData("Reimage:RemoveMachine:after")]
    [InlineData("Reimage:EnsureMachine:after")]
    [InlineData("Reimage:StartMachine:before")]
    [InlineData("Reimage:AwaitApplications:after")]
    public async Task A_server_killed_while_it_reimages_an_instance_ends_with_one_fresh_machine(string fault)
    {
        await using RunningCarrel carrel = await StartAsync(fault);
        using ArmClient arm = await ArmClient.SignInAsync(carrel);
        string path = carrel.Workspace + "/computes/crash-four";
        await arm.CreateInstanceAsync(path);
        string old = (await DockerObjects.OfAsync(carrel.Installation)).Containers.Single();
        await DockerObjects.ExecuteAsync(old, "echo mine > $HOME/local");

        await arm.SendAsync(HttpMethod.Post, path + "/reimage");
        await DieAndStartAgainAsync(carrel);

        await EventuallyAsync(arm, path, "Running");
        (await CountAsync(carrel)).ShouldBe((1, 1, 1));
        string fresh = (await DockerObjects.OfAsync(carrel.Installation)).Containers.Single();
        fresh.ShouldNotBe(old);
        (await DockerObjects.ExecuteAsync(fresh, "ls $HOME/local 2>/dev/null || echo gone")).ShouldBe("gone");
        JsonNode last = (await arm.SendAsync(HttpMethod.Get, path)).Body!["properties"]!["properties"]!["lastOperation"]!;
        (last["operationName"]!.GetValue<string>(), last["operationStatus"]!.GetValue<string>()).ShouldBe(("Reimage", "Succeeded"));
    }

    [Theory]
    [InlineData("Delete:DeleteMachine:before")]
    [InlineData("Delete:DeleteMachine:after")]
    public async Task A_server_killed_while_it_deletes_an_instance_leaves_nothing_after_the_next_start(string fault)
    {
        await using RunningCarrel carrel = await StartAsync(fault);
        using ArmClient arm = await ArmClient.SignInAsync(carrel);
        string path = carrel.Workspace + "/computes/crash-two";
        await arm.CreateInstanceAsync(path);

        await arm.SendAsync(HttpMethod.Delete, path);
        await DieAndStartAgainAsync(carrel);

        await EventuallyAsync(arm, path, null);
        (int containers, _, int volumes) = await CountAsync(carrel);
        (containers, volumes).ShouldBe((0, 0));
        await arm.CreateInstanceAsync(path);
        (await CountAsync(carrel)).ShouldBe((1, 1, 1), "the name is free again");
    }

    [Theory]
    [InlineData("Delete:DeleteMachine:before")]
    [InlineData("Delete:DeleteMachine:after")]
    [InlineData("GroupDelete:DeleteWorkspaces:before")]
    [InlineData("GroupDelete:DeleteWorkspaces:after")]
    public async Task A_server_killed_while_it_deletes_a_resource_group_leaves_nothing_of_it_after_the_next_start(string fault)
    {
        await using RunningCarrel carrel = await StartAsync(fault);
        using ArmClient arm = await ArmClient.SignInAsync(carrel);
        await arm.CreateInstanceAsync(carrel.Workspace + "/computes/crash-four");
        string group = carrel.Workspace[..carrel.Workspace.IndexOf("/providers/", StringComparison.Ordinal)];

        await arm.SendAsync(HttpMethod.Delete, group);
        await DieAndStartAgainAsync(carrel);

        await EventuallyAsync(arm, group, null);
        (await CountAsync(carrel)).ShouldBe((0, 0, 0));
        (await arm.SendAsync(HttpMethod.Get, carrel.Workspace)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [MemberData(nameof(OtherSteps))]
    public async Task A_server_killed_while_it_starts_stops_or_restarts_an_instance_reaches_the_asked_state(string fault)
    {
        await using RunningCarrel carrel = await StartAsync(fault);
        using ArmClient arm = await ArmClient.SignInAsync(carrel);
        string path = carrel.Workspace + "/computes/crash-three";
        await arm.CreateInstanceAsync(path);
        string call = fault.Split(':')[0].ToLowerInvariant();
        if (call == "start")
            await arm.WaitAsync(await arm.SendAsync(HttpMethod.Post, path + "/stop"));

        await arm.SendAsync(HttpMethod.Post, $"{path}/{call}");
        await DieAndStartAgainAsync(carrel);

        await EventuallyAsync(arm, path, call == "stop" ? "Stopped" : "Running");
        (await CountAsync(carrel)).ShouldBe((1, 1, 1));
    }

    private static Task<RunningCarrel> StartAsync(string fault) =>
        RunningCarrel.StartAsync(FaultServer, new Dictionary<string, string> { ["CARREL_FAULT"] = fault });

    private static async Task DieAndStartAgainAsync(RunningCarrel carrel)
    {
        await carrel.WaitForExitAsync(TimeSpan.FromSeconds(60));
        await carrel.StartAgainAsync(without: "CARREL_FAULT");
    }

    private static async Task EventuallyAsync(ArmClient arm, string path, string? state)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            ArmAnswer answer = await arm.SendAsync(HttpMethod.Get, path);
            JsonNode? now = answer.Body?["properties"]?["properties"]?["state"];
            if (state is null ? answer.Status == HttpStatusCode.NotFound : now?.GetValue<string>() == state)
                return;
            try
            {
                await Task.Delay(100, patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new ShouldAssertException($"The instance is {answer.Body?.ToJsonString()}, and not {state ?? "gone"}.");
            }
        }
    }

    private static async Task<(int Containers, int Networks, int Volumes)> CountAsync(RunningCarrel carrel)
    {
        DockerObjects objects = await DockerObjects.OfAsync(carrel.Installation);
        return (objects.Containers.Count, objects.Networks.Count, objects.Volumes.Count);
    }

    private static TheoryData<string> Points(string kind, string[] steps) =>
        [.. steps.SelectMany(step => new[] { $"{kind}:{step}:before", $"{kind}:{step}:after" })];
}
