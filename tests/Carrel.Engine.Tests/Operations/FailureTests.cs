using Carrel.Engine.Commands;
using Carrel.Engine.Operations;
using Carrel.Instances.Hosting;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using Carrel.TestKit.Engines;
using Carrel.TestKit.Hosting;

namespace Carrel.Engine.Tests.Operations;

/// <summary>Operations that fail, or nearly do.</summary>
public sealed class FailureTests
{
    [Fact]
    public async Task An_image_that_is_refused_fails_the_creation_and_the_next_PUT_tries_again()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        Refuse(engine.Host, "StartMachineAsync", "ImageNotFound");
        InstanceWriteOutcome accepted = await engine.PutAsync("desk");
        Operation failed = await engine.EndAsync(accepted.Operation);
        failed.Status.ShouldBe(OperationStatus.Failed);
        failed.Error!.Code.ShouldBe("ImageNotFound");
        ComputeInstance instance = (await engine.FindAsync("desk"))!;
        instance.State.State.ShouldBe(InstanceState.CreateFailed);
        instance.State.Provisioning.ShouldBe(ProvisioningState.Failed);
        instance.State.LastOperation!.StatusWord.ShouldBe("CreateFailed");
        instance.State.ProvisioningErrors!.Single().Code.ShouldBe("ImageNotFound");
        (await engine.Host.ListMachinesAsync(default)).ShouldBeEmpty();

        engine.Host.BeforeVerb = null;
        InstanceWriteOutcome again = await engine.PutAsync("desk", EngineUnderTest.Body("Standard_DS2_v2"));
        again.IsNew.ShouldBeFalse();
        again.Instance.Uid.ShouldBe(accepted.Instance.Uid);
        (await engine.EndAsync(again.Operation)).Status.ShouldBe(OperationStatus.Succeeded);
        ComputeInstance running = (await engine.FindAsync("desk"))!;
        running.State.State.ShouldBe(InstanceState.Running);
        running.State.ProvisioningErrors.ShouldBeNull();
        running.Model.VmSize.ShouldBe("Standard_DS2_v2");
    }

    [Fact(DisplayName = "1.T13 A failed creation can be deleted and gives its cores back")]
    public async Task Statement_1_T13_a_failed_creation_can_be_deleted_and_gives_its_cores_back()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        Workspace workspace = await engine.AddWorkspaceAsync();
        Refuse(engine.Host, "EnsureMachineAsync", "InsufficientDisk");
        await engine.EndAsync((await engine.PutAsync("desk")).Operation);
        int Cores() => engine.Store.ReadAsync(view => view.CoresInUse(EngineUnderTest.Subscription, workspace.Location)).Result.Sum(use => use.Cores);
        Cores().ShouldBe(1);
        (await engine.EndAsync(await engine.BeginDeleteAsync("desk"))).Status.ShouldBe(OperationStatus.Succeeded);
        (await engine.FindAsync("desk")).ShouldBeNull();
        Cores().ShouldBe(0);
    }

    [Fact]
    public async Task A_retried_creation_for_somebody_else_belongs_to_that_person()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        Refuse(engine.Host, "EnsureMachineAsync", "InsufficientDisk");
        await engine.EndAsync((await engine.PutAsync("desk")).Operation);
        engine.Host.BeforeVerb = null;
        Guid bob = Guid.NewGuid();
        string assigned = $$$"""
            "personalComputeInstanceSettings":{"assignedUser":{"objectId":"{{{bob}}}","tenantId":"{{{EngineUnderTest.Ann.TenantId}}}"}}
            """;
        ComputeInstance instance = await engine.RunningAsync("desk", EngineUnderTest.Body(more: assigned + ",\"enableSSO\":false"));
        instance.Owner.ShouldBe(bob);
        instance.OwnerAlias.ShouldBe(bob.ToString());
        instance.CreatedBy.ShouldBe(EngineUnderTest.Ann);
    }

    [Theory]
    [InlineData(false, "AgentUnreachable")]
    [InlineData(true, "ApplicationsNotReady")]
    public async Task A_machine_that_is_up_without_its_services_is_SetupFailed(bool reachable, string code)
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        engine.Agents.Reachable = reachable;
        engine.Agents.Ready = false;
        Operation failed = await engine.EndAsync((await engine.PutAsync("desk")).Operation);
        failed.Status.ShouldBe(OperationStatus.Failed);
        failed.Error!.Code.ShouldBe(code);
        ComputeInstance instance = (await engine.FindAsync("desk"))!;
        instance.State.State.ShouldBe(InstanceState.SetupFailed);
        instance.State.Provisioning.ShouldBe(ProvisioningState.Failed);
        instance.State.Errors!.Single().Code.ShouldBe(code);
        engine.Agents.Reachable = engine.Agents.Ready = true;
        await engine.EndAsync(await engine.BeginRestartAsync("desk"));
        ComputeInstance repaired = (await engine.FindAsync("desk"))!;
        repaired.State.State.ShouldBe(InstanceState.Running);
        repaired.State.Errors.ShouldBeNull();
    }

    [Fact]
    public async Task An_operation_that_meets_faults_of_ours_again_and_again_ends_instead_of_blocking_its_instance()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync(change: options => options with { FaultDeadline = TimeSpan.FromSeconds(1.5) });
        await engine.AddWorkspaceAsync();
        int tries = 0;
        engine.Host.BeforeVerb = (verb, _) => verb == "StartMachineAsync" && Interlocked.Increment(ref tries) > 0 ? throw new InvalidOperationException("a defect") : Task.CompletedTask;

        Operation failed = await engine.EndAsync((await engine.PutAsync("desk")).Operation);

        failed.Status.ShouldBe(OperationStatus.Failed);
        failed.Error!.Code.ShouldBe("InternalError");
        tries.ShouldBeGreaterThan(1, "a fault may pass, so it is tried again first");
        engine.Host.BeforeVerb = null;
        (await engine.EndAsync(await engine.BeginDeleteAsync("desk"))).Status.ShouldBe(OperationStatus.Succeeded);
    }

    [Fact(DisplayName = "1.T20 A start that fails ends in Stopped with StartFailed and one error")]
    public async Task Statement_1_T20_a_start_that_fails_ends_in_Stopped_with_StartFailed_and_one_error()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        await engine.RunningAsync("desk");
        await engine.EndAsync(await engine.BeginStopAsync("desk"));
        Refuse(engine.Host, "StartMachineAsync", "InsufficientMemory");
        (await engine.EndAsync(await engine.BeginStartAsync("desk"))).Status.ShouldBe(OperationStatus.Failed);
        ComputeInstance instance = (await engine.FindAsync("desk"))!;
        instance.State.State.ShouldBe(InstanceState.Stopped);
        instance.State.LastOperation!.StatusWord.ShouldBe("StartFailed");
        instance.State.Errors!.Single().Code.ShouldBe("InsufficientMemory");
        instance.State.Provisioning.ShouldBe(ProvisioningState.Succeeded);
    }

    [Fact]
    public async Task A_stop_or_delete_that_fails_goes_back_to_the_state_before_and_keeps_the_address()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        ComputeInstance running = await engine.RunningAsync("desk");
        Refuse(engine.Host, "StopMachineAsync", "Denied");
        (await engine.EndAsync(await engine.BeginStopAsync("desk"))).Status.ShouldBe(OperationStatus.Failed);
        ComputeInstance after = (await engine.FindAsync("desk"))!;
        after.State.State.ShouldBe(InstanceState.Running);
        after.State.LastOperation!.StatusWord.ShouldBe("StopFailed");
        after.State.PrivateAddress.ShouldBe(running.State.PrivateAddress);
        Refuse(engine.Host, "DeleteMachineAsync", "Denied");
        (await engine.EndAsync(await engine.BeginDeleteAsync("desk"))).Status.ShouldBe(OperationStatus.Failed);
        after = (await engine.FindAsync("desk"))!;
        after.State.State.ShouldBe(InstanceState.Running);
        after.State.LastOperation!.StatusWord.ShouldBe("DeleteFailed");
        after.State.PrivateAddress.ShouldBe(running.State.PrivateAddress);
    }

    [Fact]
    public async Task A_failed_deletion_of_a_failed_creation_still_says_Failed()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        Refuse(engine.Host, "EnsureMachineAsync", "ImageNotFound");
        await engine.EndAsync((await engine.PutAsync("desk")).Operation);
        Refuse(engine.Host, "DeleteMachineAsync", "Denied");
        await engine.EndAsync(await engine.BeginDeleteAsync("desk"));
        ComputeInstance instance = (await engine.FindAsync("desk"))!;
        instance.State.State.ShouldBe(InstanceState.CreateFailed);
        instance.State.Provisioning.ShouldBe(ProvisioningState.Failed);
    }

    [Fact]
    public async Task A_host_that_is_silent_for_a_while_delays_the_operation_and_nothing_else()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        engine.Home.Machines.Available = false;
        InstanceWriteOutcome accepted = await engine.PutAsync("desk");
        await Task.Delay(500);
        (await engine.Store.ReadAsync(view => view.FindOperation(accepted.Operation.Id)))!.Status.ShouldBe(OperationStatus.InProgress);
        engine.Home.Machines.Available = true;
        (await engine.EndAsync(accepted.Operation)).Status.ShouldBe(OperationStatus.Succeeded);
        (await engine.Host.ListMachinesAsync(default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_host_that_stays_silent_fails_the_operation_after_the_deadline()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync(change: options => options with { HostDeadline = TimeSpan.FromMilliseconds(300) });
        await engine.AddWorkspaceAsync();
        engine.Home.Machines.Available = false;
        Operation failed = await engine.EndAsync((await engine.PutAsync("desk")).Operation);
        failed.Error!.Code.ShouldBe("HostUnavailable");
        (await engine.FindAsync("desk"))!.State.State.ShouldBe(InstanceState.CreateFailed);
    }

    [Fact]
    public async Task A_fault_in_the_product_is_tried_again_when_its_lease_has_ended()
    {
        await using EngineUnderTest engine = await EngineUnderTest.StartAsync();
        await engine.AddWorkspaceAsync();
        int calls = 0;
        engine.Host.BeforeVerb = (verb, _) => verb == "EnsureMachineAsync" && Interlocked.Increment(ref calls) == 1
            ? throw new InvalidOperationException("A fault.")
            : Task.CompletedTask;
        (await engine.EndAsync((await engine.PutAsync("desk")).Operation)).Status.ShouldBe(OperationStatus.Succeeded);
        calls.ShouldBe(2);
    }

    internal static void Refuse(InMemoryInstanceHost host, string verb, string code) => host.BeforeVerb = (called, _) => called == verb
        ? throw new HostRefusedException(code, "Not today.")
        : Task.CompletedTask;
}
