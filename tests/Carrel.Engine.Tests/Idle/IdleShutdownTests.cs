using System.Text.Json;
using Carrel.AgentProtocol;
using Carrel.Engine.Commands;
using Carrel.Engine.Events;
using Carrel.Engine.Operations;
using Carrel.Instances.Hosting;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Notices;
using Carrel.Instances.Resources;
using Carrel.TestKit.Engines;
using NodaTime;

namespace Carrel.Engine.Tests.Idle;

/// <summary>Idle shutdown of a running instance, from the agent's samples to the stop (contract 4).</summary>
public sealed class IdleShutdownTests
{
    [Fact(DisplayName = "4.T3, 1.T6: Nobody opens it: it stops after its period, and its last operation says why")]
    public async Task An_instance_nobody_opens_stops_after_its_period()
    {
        await using IdleRun run = await IdleRun.StartAsync();
        await run.GoToAsync(14);
        await run.ShouldRunAsync("the period is not over");
        await run.SampleAsync(15);

        ComputeInstance stopped = await run.ShouldStopAsync();
        (stopped.State.LastOperation!.Name, stopped.State.LastOperation.StatusWord).ShouldBe((OperationName.Stop, "Succeeded"));
        ActivityEvent accepted = (await EventsAsync(run)).First(happened => happened.Outcome == "Accepted");
        accepted.Cause.ShouldBe("IdleShutdown");
        accepted.Actor.ShouldBe(Service.Principal);
        accepted.Detail.ShouldNotBeNull().ShouldContain("Idle since 2037-11-25T08:00:00Z");
    }

    [Fact(DisplayName = "4.T4: A kernel's last busy moment starts the clock, and a terminal's silent command holds it")]
    public async Task Kernels_and_terminals_are_read_as_the_contract_says()
    {
        await using IdleRun run = await IdleRun.StartAsync();
        run.Shows = (now, sample) => sample with
        {
            Kernels = [new KernelActivity("k", "python3", now < IdleRun.At(10.5) ? "busy" : "idle", IdleRun.At(now < IdleRun.At(10.5) ? 1 : 10.5).ToDateTimeOffset(), 1)],
            Terminals = [new TerminalActivity("1", IdleRun.At(0).ToDateTimeOffset(), now < IdleRun.At(5))],
        };
        await run.GoToAsync(25);
        await run.ShouldRunAsync("busy until 10:30");
        await run.SampleAsync(25.5);

        await run.ShouldStopAsync();
    }

    [Fact(DisplayName = "4.T5: Idle 20 minutes under PT30M, a change to PT15M stops it 15 minutes after the change")]
    public async Task A_shorter_period_begins_anew()
    {
        await using IdleRun run = await IdleRun.StartAsync("PT30M");
        await run.GoToAsync(20);
        await run.ChangeIdleTimeAsync("PT15M");
        await run.GoToAsync(34);
        await run.ShouldRunAsync("the clock began anew with the change");
        await run.SampleAsync(35);

        await run.ShouldStopAsync();
    }

    [Fact(DisplayName = "4.T6, 4.T15: Idle 20 minutes under PT30M, a PUT with PT1H stops it 60 minutes after it became idle, as PT60M does")]
    public async Task A_longer_period_by_PUT_lets_the_clock_run()
    {
        foreach (string text in new[] { "PT1H", "PT60M" })
        {
            await using IdleRun run = await IdleRun.StartAsync("PT30M");
            await run.GoToAsync(20);
            InstanceWriteOutcome outcome = await run.Engine.PutAsync("desk", IdleRun.Body(text));
            outcome.NotApplied.ShouldBeEmpty("it is applied without a warning");
            outcome.Instance.Model.IdleMinutes.ShouldBe(60);
            await run.GoToAsync(59, each: 3);
            await run.ShouldRunAsync(text);
            await run.SampleAsync(60);

            await run.ShouldStopAsync();
        }
    }

    [Fact(DisplayName = "4.T7: A job until minute 50 and a queued second one hold it")]
    public async Task Jobs_hold_it()
    {
        await using IdleRun run = await IdleRun.StartAsync();
        run.Shows = (now, sample) => sample with
        {
            Jobs = [new JobActivity("one", now < IdleRun.At(50) ? "Running" : "Completed"), new JobActivity("two", now < IdleRun.At(60) ? "Queued" : "Canceled")],
        };
        await run.GoToAsync(74);
        await run.ShouldRunAsync("15 minutes after the second job");
        await run.SampleAsync(75);

        await run.ShouldStopAsync();
    }

    [Fact(DisplayName = "4.T8: A custom application holds it for 3 hours; from its removal the clock runs")]
    public async Task A_custom_application_holds_it()
    {
        await using IdleRun run = await IdleRun.StartAsync();
        run.Shows = (now, sample) => sample with { Applications = now < IdleRun.At(180) ? [new ApplicationActivity("rstudio", true)] : [] };
        await run.GoToAsync(194, each: 2);
        await run.ShouldRunAsync("15 minutes after the removal");
        await run.SampleAsync(195);

        await run.ShouldStopAsync();
    }

    [Fact(DisplayName = "4.T9: A connection of VS Code without activity is ended at 3 hours through the agent, and it stops after the period")]
    public async Task A_silent_connection_of_VS_Code_is_ended()
    {
        await using IdleRun run = await IdleRun.StartAsync();
        run.Shows = (_, sample) => run.Engine.Agents.EndedEditors.IsEmpty
            ? sample with { Editors = [new EditorActivity("e1", IdleRun.At(0).ToDateTimeOffset())] }
            : sample;
        await run.GoToAsync(179, each: 5);
        run.Engine.Agents.EndedEditors.ShouldBeEmpty();
        await run.SampleAsync(180);
        run.Engine.Agents.EndedEditors.ShouldBe(["e1"]);
        await run.GoToAsync(194);
        await run.ShouldRunAsync("the period begins with the end of the session");
        await run.SampleAsync(195);

        await run.ShouldStopAsync();
    }

    [Fact(DisplayName = "4.T10: An open secure shell session does not hold it; where the workspace counts them it does")]
    public async Task Secure_shell_sessions_count_where_the_workspace_says_so()
    {
        await using IdleRun run = await IdleRun.StartAsync();
        run.Shows = (_, sample) => sample with { SshSessions = 1 };
        await run.GoToAsync(10);
        await SetWorkspaceAsync(run, """{"idleSignals":{"sshSessions":1}}""");
        await run.GoToAsync(60, each: 5);
        await run.ShouldRunAsync("they count now");
        await SetWorkspaceAsync(run, "{}");
        await run.SampleAsync(61);
        await run.SampleAsync(76);

        await run.ShouldStopAsync();
    }

    [Fact(DisplayName = "4.T11: An identity without roles skips the stop with a log entry; once it is Contributor the next sample stops it")]
    public async Task The_identity_rule_skips_and_is_asked_again()
    {
        await using IdleRun run = await IdleRun.StartAsync(top: "\"identity\":{\"type\":\"SystemAssigned\"},");
        await run.GoToAsync(30);
        await run.ShouldRunAsync("its identity lacks Contributor");
        ActivityEvent skipped = (await EventsAsync(run)).Single(happened => happened.Outcome == "Skipped");
        skipped.Detail.ShouldNotBeNull().ShouldStartWith("Skipped: IdentityLacksContributor");

        StopNotice told = (await run.NoticesAsync()).Single();
        told.Reason.ShouldContain("Until one of its managed identities is Contributor");
        (told.State, told.Ending!.StartsWith("Skipped", StringComparison.Ordinal)).ShouldBe((NoticeState.Done, true));

        Guid identity = (await run.DeskAsync()).State.SystemIdentityPrincipalId.ShouldNotBeNull();
        run.Contributors.Asked.ShouldAllBe(asked => asked.Principal == identity && asked.Scope.EndsWith("/workspaces/lab"));
        run.Contributors.Grant(identity);
        await run.SampleAsync(31);

        await run.ShouldStopAsync();
    }

    [Fact(DisplayName = "4.T13: A restart at idle minute 14 of 15 begins the clock anew")]
    public async Task A_restart_begins_the_clock_anew()
    {
        await using IdleRun run = await IdleRun.StartAsync();
        await run.GoToAsync(14);
        await run.Engine.EndAsync(await run.Engine.BeginRestartAsync("desk"));
        await run.GoToAsync(28);
        await run.ShouldRunAsync("15 minutes from the restart");
        await run.SampleAsync(29);

        await run.ShouldStopAsync();
    }

    [Fact(DisplayName = "4.T14: A server that was started again at minute 10 still stops it at minute 15")]
    public async Task A_restart_of_the_server_keeps_the_clock()
    {
        await using IdleRun run = await IdleRun.StartAsync();
        await run.GoToAsync(10);
        await run.RestartServerAsync();
        await run.GoToAsync(14);
        await run.ShouldRunAsync("not yet");
        await run.SampleAsync(15);

        await run.ShouldStopAsync();
    }

    [Fact]
    public async Task A_silent_agent_stops_nothing_and_its_silence_is_taken_out_of_the_idle_time()
    {
        await using IdleRun run = await IdleRun.StartAsync();
        await run.GoToAsync(10);
        run.Engine.Agents.Reachable = false;
        await run.GoToAsync(40);
        (await run.DeskAsync()).State.State.ShouldBeOneOf(InstanceState.Running, InstanceState.Unknown);
        (await run.ExplainAsync()).Current.Kind.ShouldBe(Carrel.Instances.Idle.IdleDecisionKind.Frozen);

        run.Engine.Agents.Reachable = true;
        await run.Engine.UntilAsync("desk", InstanceState.Running);
        await run.SampleAsync(41);
        await run.GoToAsync(45);
        await run.ShouldRunAsync("10 minutes before the silence and 4 behind it");
        await run.SampleAsync(46);

        await run.ShouldStopAsync();
    }

    [Fact]
    public async Task Many_samples_at_once_stop_it_once_and_none_does_while_an_operation_runs()
    {
        await using IdleRun run = await IdleRun.StartAsync();
        await run.GoToAsync(14);
        Gate gate = run.Engine.Hold("StopMachineAsync");
        run.Clock.MoveTo(15);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => run.SampleAsync())));
        await gate.Reached;
        await run.SampleAsync(25);
        gate.Open();
        await run.ShouldStopAsync();

        (await EventsAsync(run)).Count(happened => happened is { Outcome: "Accepted", Cause: "IdleShutdown" }).ShouldBe(1);
    }

    [Fact]
    public async Task A_stop_that_fails_is_tried_four_times_and_then_shown_as_an_error()
    {
        await using IdleRun run = await IdleRun.StartAsync();
        run.Engine.Host.BeforeVerb = (verb, _) => verb == "StopMachineAsync" ? throw new HostRefusedException("StopRefused", "by the test") : Task.CompletedTask;
        await run.GoToAsync(14);
        for (int minute = 15; minute <= 31; minute++)
        {
            await run.SampleAsync(minute);
            await run.Engine.UntilAsync("desk", InstanceState.Running);
        }

        ComputeInstance desk = await run.DeskAsync();
        desk.State.Errors.ShouldNotBeNull().ShouldContain(error => error.Code == "IdleShutdownFailed");
        (await EventsAsync(run)).Count(happened => happened is { Outcome: "Accepted", Cause: "IdleShutdown" }).ShouldBe(4);

        run.Engine.Host.BeforeVerb = null;
        await run.GoToAsync(45);
        await run.ShouldRunAsync("the clock began anew");
        await run.SampleAsync(46);
        await run.ShouldStopAsync();
    }

    [Fact]
    public async Task Keep_awake_holds_it_until_its_time_or_until_it_is_ended()
    {
        await using IdleRun run = await IdleRun.StartAsync();
        await run.GoToAsync(12);
        (await run.KeepAwakeAsync(120)).ShouldBe(IdleRun.At(132));
        await run.GoToAsync(60, each: 5);
        await run.ShouldRunAsync("kept awake");
        (await run.KeepAwakeAsync(0)).ShouldBeNull();
        await run.SampleAsync(61);
        await run.SampleAsync(75);
        await run.ShouldRunAsync("the clock began with the end");
        await run.SampleAsync(76);

        await run.ShouldStopAsync();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"minutes":-1}""")]
    [InlineData("""{"minutes":10081}""")]
    [InlineData("""{"minutes":1.5}""")]
    [InlineData("""{"minutes":"5"}""")]
    public async Task Keep_awake_takes_whole_minutes_up_to_a_week(string body)
    {
        await using IdleRun run = await IdleRun.StartAsync();
        RefusedException refused = await Should.ThrowAsync<RefusedException>(
            () => run.Engine.Get<KeepAwakeCommands>().KeepAwakeAsync(EngineUnderTest.Address("desk"), JsonElement.Parse(body), EngineUnderTest.As(), default));

        refused.Findings.Single().Target.ShouldBe("minutes");
    }

    private static async Task SetWorkspaceAsync(IdleRun run, string properties) => await run.Engine.Get<WorkspaceCommands>().UpdateAsync(
        new WorkspaceAddress(EngineUnderTest.Subscription, "team", "lab"), model => model with { Properties = properties }, EngineUnderTest.As(), default);

    private static Task<IReadOnlyList<ActivityEvent>> EventsAsync(IdleRun run) =>
        run.Engine.Store.ReadAsync(view => view.ListEventsByCause(EngineUnderTest.Address("desk").ResourceId, ["IdleShutdown"], 1000));
}
