using Carrel.Engine.Commands;
using Carrel.Engine.Operations;
using Carrel.Instances.Hosting;
using Carrel.Instances.Lifecycle;
using Carrel.TestKit.Engines;

namespace Carrel.Engine.Tests.Operations;

/// <summary>The server ends in the middle of a step and is started again.</summary>
public sealed class ServerRestartTests
{
    [Theory]
    [InlineData("create", "EnsureNetworkAsync")]
    [InlineData("create", "EnsureMachineAsync")]
    [InlineData("create", "StartMachineAsync")]
    [InlineData("create", "agent")]
    [InlineData("start", "EnsureMachineAsync")]
    [InlineData("start", "StartMachineAsync")]
    [InlineData("start", "agent")]
    [InlineData("stop", "StopMachineAsync")]
    [InlineData("restart", "StopMachineAsync")]
    [InlineData("restart", "StartMachineAsync")]
    [InlineData("restart", "agent")]
    [InlineData("reimage", "StopMachineAsync")]
    [InlineData("reimage", "DeleteMachineAsync")]
    [InlineData("reimage", "EnsureMachineAsync")]
    [InlineData("reimage", "agent")]
    [InlineData("delete", "DeleteMachineAsync")]
    public async Task What_was_asked_is_reached_by_the_next_server(string call, string step)
    {
        using var home = new EngineHome();
        Guid operation;
        await using (EngineUnderTest first = await EngineUnderTest.StartAsync(home))
        {
            await first.AddWorkspaceAsync();
            if (call != "create")
                await first.RunningAsync("desk");
            if (call == "start")
                await first.EndAsync(await first.BeginStopAsync("desk"));
            Gate gate;
            if (step == "agent")
            {
                gate = new Gate();
                home.Agents.BeforeConnect = gate.PassAsync;
            }
            else
            {
                gate = first.Hold(step);
            }

            operation = call switch
            {
                "create" => (await first.PutAsync("desk")).Operation.Id,
                "start" => (await first.BeginStartAsync("desk")).Id,
                "stop" => (await first.BeginStopAsync("desk")).Id,
                "restart" => (await first.BeginRestartAsync("desk")).Id,
                "reimage" => (await first.Get<InstanceCommands>().ReimageAsync(EngineUnderTest.Address("desk"), EngineUnderTest.As(), default)).Id,
                _ => (await first.BeginDeleteAsync("desk"))!.Id,
            };
            await gate.Reached;
        }

        home.Agents.BeforeConnect = null;
        await using EngineUnderTest second = await EngineUnderTest.StartAsync(home);
        Operation ended = await second.EndAsync(await second.Store.ReadAsync(view => view.FindOperation(operation)));
        ended.Status.ShouldBe(OperationStatus.Succeeded);
        IReadOnlyList<MachineStatus> machines = await second.Host.ListMachinesAsync(default);
        if (call == "delete")
        {
            (await second.FindAsync("desk")).ShouldBeNull();
            machines.ShouldBeEmpty();
            return;
        }

        (await second.FindAsync("desk"))!.State.State.ShouldBe(call == "stop" ? InstanceState.Stopped : InstanceState.Running);
        machines.Single().Phase.ShouldBe(call == "stop" ? MachinePhase.Stopped : MachinePhase.Running);
        (await second.Host.ListNetworksAsync(default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_deletion_does_not_wait_for_the_lease_that_a_dead_server_held_on_the_operation_it_canceled()
    {
        using var home = new EngineHome();
        EngineOptions Long(EngineOptions options) => options with { Lease = TimeSpan.FromMinutes(10) };
        Operation deletion;
        await using (EngineUnderTest first = await EngineUnderTest.StartAsync(home, Long))
        {
            await first.AddWorkspaceAsync();
            Gate gate = first.Hold("StartMachineAsync");
            InstanceWriteOutcome creation = await first.PutAsync("desk");
            await gate.Reached;
            // What a power failure leaves: the canceled operation is still leased.
            deletion = (await first.BeginDeleteAsync("desk"))!;
            await first.EndAsync(deletion);
            await first.Store.WriteAsync(transaction =>
            {
                transaction.Update(creation.Operation with { Status = OperationStatus.InProgress });
                transaction.ClaimOperation("a dead server", NodaTime.SystemClock.Instance.GetCurrentInstant(), NodaTime.Instant.MaxValue - NodaTime.Duration.FromDays(365));
                transaction.Update(creation.Operation with { Status = OperationStatus.Canceled });
                transaction.Update(deletion with { Status = OperationStatus.InProgress });
                return true;
            });
        }

        await using EngineUnderTest second = await EngineUnderTest.StartAsync(home, Long);
        (await second.EndAsync(deletion)).Status.ShouldBe(OperationStatus.Succeeded);
    }
}
