using Carrel.Engine.Tests.Idle;
using Carrel.Instances.Hosting;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using Carrel.Store;
using Carrel.TestKit.Engines;
using Dapper;

namespace Carrel.Engine.Tests.Reconciliation;

/// <summary>An instance whose row was damaged harms no other, nothing of it is taken away, and when its row can be read again all goes on.</summary>
public sealed class UnreadableInstanceTests
{
    private const string Subnet = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/team/providers/Microsoft.Network/virtualNetworks/net/subnets/one";

    [Fact]
    public async Task The_machines_of_others_are_compared_and_the_damaged_ones_machine_and_network_stay()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        ComputeInstance desk = await engine.RunningAsync("desk");
        ComputeInstance odd = await engine.RunningAsync("odd", EngineUnderTest.Body(more: $$"""
            "subnet":{"id":"{{Subnet}}"}
            """));
        int networks = (await engine.Host.ListNetworksAsync(default)).Count;
        string model = await DamageAsync(engine);
        engine.Home.Machines.EndByItself(desk.Uid, DateTimeOffset.UtcNow, "Killed for lack of memory.");
        await engine.UntilAsync("desk", InstanceState.Unusable);
        await Task.Delay(TimeSpan.FromMilliseconds(600));
        (await engine.Host.InspectMachineAsync(odd.Uid, default))!.Phase.ShouldBe(MachinePhase.Running);
        (await engine.Host.ListNetworksAsync(default)).Count.ShouldBe(networks);

        await SetAsync(engine, model);
        engine.Home.Machines.EndByItself(odd.Uid, DateTimeOffset.UtcNow, "Killed for lack of memory.");
        await engine.UntilAsync("odd", InstanceState.Unusable);
    }

    [Fact]
    public async Task The_agents_of_others_are_heard()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        await engine.RunningAsync("desk");
        await engine.RunningAsync("odd");
        await DamageAsync(engine);
        engine.Agents.Reachable = false;
        await engine.UntilAsync("desk", InstanceState.Unknown);
        engine.Agents.Reachable = true;
        await engine.UntilAsync("desk", InstanceState.Running);
    }

    [Fact]
    public async Task Others_are_stopped_when_they_are_idle()
    {
        await using IdleRun run = await IdleRun.StartAsync("PT15M");
        await run.Engine.RunningAsync("odd", IdleRun.Body("PT15M"));
        await DamageAsync(run.Engine);
        await run.GoToAsync(16);
        await run.ShouldStopAsync();
    }

    private static async Task<string> DamageAsync(EngineUnderTest engine)
    {
        IDatabase database = engine.Get<IDatabase>();
        string model = await database.ReadAsync(connection => connection.QuerySingle<string>("SELECT model FROM instances WHERE name = 'odd'"));
        await SetAsync(engine, "{");
        return model;
    }

    private static Task SetAsync(EngineUnderTest engine, string model) => engine.Get<IDatabase>().WriteAsync(
        (connection, transaction) => connection.Execute("UPDATE instances SET model = @model WHERE name = 'odd'", new { model }, transaction));
}
