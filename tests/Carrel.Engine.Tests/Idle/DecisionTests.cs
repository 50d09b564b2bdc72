using System.Text.Json;
using System.Text.Json.Serialization;
using Carrel.AgentProtocol;
using Carrel.Engine.Commands;
using Carrel.Engine.Idle;
using Carrel.Engine.Storage;
using Carrel.Instances.Idle;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Specs;
using Carrel.TestKit.Engines;
using NodaTime;

namespace Carrel.Engine.Tests.Idle;

/// <summary>Stored decisions: taken again from their inputs they are the same, and explanations rest on them.</summary>
public sealed class DecisionTests
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter(), new Ticks() } };

    [Fact]
    public async Task Every_stored_decision_is_taken_again_from_its_inputs()
    {
        await using IdleRun run = await IdleRun.StartAsync("PT30M");
        var random = new Random(5);
        run.Shows = (now, sample) => sample with
        {
            Complete = random.Next(10) > 0,
            Kernels = [new KernelActivity("k", "python3", random.Next(3) == 0 && now < IdleRun.At(200) ? "busy" : "idle", now.ToDateTimeOffset().AddMinutes(-random.Next(30)), random.Next(2))],
            Terminals = [new TerminalActivity("1", now.ToDateTimeOffset().AddSeconds(-random.Next(200)), random.Next(10) == 0)],
            Jobs = random.Next(8) == 0 ? [new JobActivity("j", "Running")] : [],
            SshSessions = random.Next(3),
            ProcessorPercent = random.Next(101),
        };
        for (int minute = 1; minute <= 160; minute++)
        {
            run.Engine.Agents.Reachable = random.Next(6) > 0 && minute is < 100 or > 110;
            await run.SampleAsync(minute);
        }

        run.Engine.Agents.Reachable = true;
        await run.Engine.UntilAsync("desk", InstanceState.Running);
        run.Shows = (_, sample) => sample;
        await run.GoToAsync(215);
        await run.ShouldStopAsync();

        IReadOnlyList<StoredIdleDecision> stored = await run.DecisionsAsync();
        stored.Select(decision => decision.Decision.Kind).Distinct().ShouldBe(
            [IdleDecisionKind.Active, IdleDecisionKind.Wait, IdleDecisionKind.Notice, IdleDecisionKind.Stop, IdleDecisionKind.Unheard, IdleDecisionKind.Frozen],
            ignoreOrder: true, customMessage: "the run has seen every kind that matters");
        foreach (StoredIdleDecision decision in stored)
            Text(IdleRule.Decide(decision.Input)).ShouldBe(Text(decision.Decision), $"decision {decision.Sequence}");
    }

    [Fact]
    public async Task Of_decisions_that_did_nothing_fifty_are_kept_and_the_others_for_good()
    {
        await using IdleRun run = await IdleRun.StartAsync();
        run.Shows = (now, sample) => sample with { Jobs = (long)(now - IdleRun.At(0)).TotalMinutes % 2 == 0 && now < IdleRun.At(140) ? [new JobActivity("j", "Running")] : [] };
        await run.GoToAsync(160);
        await run.ShouldStopAsync();

        IReadOnlyList<StoredIdleDecision> stored = await run.DecisionsAsync();
        stored.Count(decision => !decision.Decision.Acts).ShouldBe(50);
        stored.Count(decision => decision.Decision.Kind == IdleDecisionKind.Stop).ShouldBe(1);
    }

    [Fact]
    public async Task What_does_not_change_is_not_stored_again()
    {
        await using IdleRun run = await IdleRun.StartAsync("PT1H");
        await run.GoToAsync(50);

        (await run.DecisionsAsync()).Select(decision => decision.Decision.Kind).ShouldBe([IdleDecisionKind.Wait]);
    }

    [Fact]
    public async Task An_explanation_says_what_keeps_it_what_comes_and_what_was_done_on_which_evidence()
    {
        await using IdleRun run = await IdleRun.StartAsync("PT30M");
        run.Shows = (now, sample) => sample with
        {
            Kernels = [new KernelActivity("0123456789", "python3", now < IdleRun.At(5) ? "busy" : "idle", IdleRun.At(now < IdleRun.At(5) ? 0 : 5).ToDateTimeOffset(), 1)],
        };
        await run.SampleAsync(1);
        IdleExplanation busy = await run.ExplainAsync();
        busy.Current.Kind.ShouldBe(IdleDecisionKind.Active);
        busy.Current.Reason.ShouldBe("In use: a busy kernel.");
        ActivitySignal kernel = busy.Current.Signals.Single(signal => signal.Kind == ActivityKind.Kernel);
        (kernel.Name, kernel.LastActivity, kernel.KeepsRunning).ShouldBe(("python3 01234567", IdleRun.At(1), true));
        busy.Coming.ShouldBeEmpty();
        busy.Last.ShouldBeNull();

        await run.GoToAsync(10);
        IdleExplanation idle = await run.ExplainAsync();
        idle.Current.Kind.ShouldBe(IdleDecisionKind.Wait);
        idle.Current.Clock.IdleSince.ShouldBe(IdleRun.At(5));
        idle.Coming.ShouldBe([new ComingAction(ScheduleAction.Stop, OperationTrigger.IdleShutdown, IdleRun.At(35), null)]);

        await run.ChangeIdleTimeAsync(null);
        (await run.ExplainAsync()).Current.Kind.ShouldBe(IdleDecisionKind.Off, "a changed setting shows at once");
        await run.ChangeIdleTimeAsync("PT30M");
        await run.GoToAsync(35);
        await run.ShouldStopAsync();

        AutomaticAction last = (await run.ExplainAsync()).Last.ShouldNotBeNull();
        (last.Cause, last.Outcome).ShouldBe(("IdleShutdown", "Succeeded"));
        last.Reason.ShouldNotBeNull().ShouldContain("Idle since 2037-11-25T08:05:00Z");
        last.Evidence!.Input.Sample!.Kernels.Single().Id.ShouldBe("0123456789");
    }

    [Fact]
    public async Task An_explanation_tells_what_schedules_will_do_too()
    {
        await using IdleRun run = await IdleRun.StartAsync("PT1H");
        JsonElement schedules = JsonElement.Parse("""
            {"computeStartStop":[
              {"status":"Enabled","action":"Stop","triggerType":"Cron","cron":{"expression":"30 8 * * *","timeZone":"UTC"}},
              {"status":"Enabled","action":"Start","triggerType":"Cron","cron":{"expression":"0 9 * * *","timeZone":"UTC"}},
              {"status":"Disabled","action":"Stop","triggerType":"Cron","cron":{"expression":"5 8 * * *","timeZone":"UTC"}}]}
            """);
        await run.Engine.Get<InstanceSettings>().UpdateSchedulesAsync(EngineUnderTest.Address("desk"), schedules, EngineUnderTest.As(), default);
        await run.GoToAsync(10);

        (await run.ExplainAsync()).Coming.Select(action => (action.Action, action.Trigger, action.At)).ShouldBe(
        [
            (ScheduleAction.Stop, OperationTrigger.Schedule, IdleRun.At(30)),
            (ScheduleAction.Start, OperationTrigger.Schedule, IdleRun.At(60)),
        ]);
        (await run.ExplainAsync()).Coming[0].Schedule.ShouldBe("Stop by cron '30 8 * * *' (UTC)");
    }

    [Fact]
    public async Task An_explanation_knows_of_an_identity_that_lacks_its_role_long_before_the_stop_and_of_an_idle_stop_before_the_first_look()
    {
        await using IdleRun run = await IdleRun.StartAsync("PT1H", "\"identity\":{\"type\":\"SystemAssigned\"},");
        run.Contributors.Grant((await run.DeskAsync()).State.SystemIdentityPrincipalId!.Value);
        IdleExplanation fresh = await run.ExplainAsync();
        fresh.Coming.Single().At.ShouldBe(IdleRun.At(60), "who enters Running is idle from there");
        fresh.Current.Reason.ShouldContain("within a minute");

        run.Contributors.Revoke((await run.DeskAsync()).State.SystemIdentityPrincipalId!.Value);
        await run.GoToAsync(2);
        IdleExplanation lacking = await run.ExplainAsync();
        lacking.Coming.ShouldBeEmpty("it will be skipped");
        lacking.Current.Reason.ShouldContain("Contributor");
    }

    private static string Text(IdleDecision decision) => JsonSerializer.Serialize(decision, Json);

    private sealed class Ticks : JsonConverter<Instant>
    {
        public override Instant Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => Instant.FromUnixTimeTicks(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) => writer.WriteNumberValue(value.ToUnixTimeTicks());
    }
}
