using Carrel.Simulation.Tests.World;

namespace Carrel.Simulation.Tests.Checks;

/// <summary>The rules about what happens by itself see what they are there to see.</summary>
public sealed class TimeRulesTests
{
    private const string StopEvery10 = """[{"id":"s","status":"Enabled","action":"Stop","cron":{"expression":"*/10 * * * *"}}]""";
    private const string StartEvery10 = """{"id":"t","status":"Enabled","action":"Start","cron":{"expression":"*/10 * * * *"}}""";

    private static readonly DateTimeOffset Due = new(2026, 11, 25, 8, 10, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Running", "Ran", 3, null, null)]
    [InlineData("Stopped", "NoOp", 3, null, null)]
    [InlineData("Starting", "Deferred", 3, null, null)]
    [InlineData("Running", "Missed", 61, null, null)]
    [InlineData("Running", "Dismissed", 3, "Dismissed", null)]
    [InlineData("Running", "Ran", 61, null, "is Ran and not Missed")]
    [InlineData("Running", "Missed", 60, null, "is Missed and not Ran")]
    [InlineData("Running", "Ran", 3, "Dismissed", "is Ran and not Dismissed")]
    [InlineData("Running", "Ran", 3, "Snoozed", "is Ran and not put off")]
    [InlineData("Stopped", "Ran", 3, null, "is Ran and not NoOp")]
    [InlineData("Running", "Ran", -1, null, "before its time")]
    public void The_outcome_of_an_occurrence_is_held_against_the_table(string state, string outcome, int seconds, string? notice, string? fault)
    {
        Snapshot before = World(state, StopEvery10, notice);
        Snapshot after = Fired(before, "s", "Stop", outcome, seconds);
        Holds(ScheduleRules.Faults(before, after), fault);
    }

    [Fact]
    public void A_start_beside_a_stop_is_seen_unless_the_stop_was_dismissed()
    {
        string both = StopEvery10.Replace("]", "," + StartEvery10 + "]", StringComparison.Ordinal);
        Snapshot before = World("Stopped", both, null);
        Holds(ScheduleRules.Faults(before, Fired(before, "t", "Start", "Ran", 1)), "is Ran and not Conflict");
        Holds(ScheduleRules.Faults(before, Fired(before, "t", "Start", "Conflict", 1)), null);
        Snapshot dismissed = World("Stopped", both, "Dismissed");
        Holds(ScheduleRules.Faults(dismissed, Fired(dismissed, "t", "Start", "Ran", 1)), null);
    }

    [Fact]
    public void An_occurrence_that_was_decided_begins_no_second_operation()
    {
        Snapshot once = Fired(World("Running", StopEvery10, null), "s", "Stop", "Ran", 1);
        var second = new SeenOperation("o2", "Stop", "1", "InProgress") { Trigger = "Schedule" };
        Snapshot twice = once with { Operations = new Dictionary<string, SeenOperation>(once.Operations) { [second.Id] = second } };
        Holds(ScheduleRules.Faults(once, twice), "0 occurrences were claimed");
        SeenFiring other = once.Firings.Values.Single() with { Operation = "o2" };
        Holds(ScheduleRules.Faults(once, twice with { Firings = new[] { other }.ToDictionary(firing => firing.Key) }), "a second time");
    }

    [Fact]
    public void An_occurrence_that_is_none_or_of_a_schedule_that_is_off_is_seen()
    {
        Snapshot off = World("Running", StopEvery10.Replace("Enabled", "Disabled", StringComparison.Ordinal), null);
        Holds(ScheduleRules.Faults(off, Fired(off, "s", "Stop", "Ran", 1)), "no occurrence of a schedule that was on");
    }

    [Theory]
    [InlineData(16, 15, 0, null)]
    [InlineData(14, 15, 0, "not been up")]
    [InlineData(16, null, 0, "nobody asked")]
    [InlineData(16, 15, 1, "kept awake")]
    public void An_idle_stop_is_held_against_its_period(int upMinutes, int? idleMinutes, int awakeMinutes, string? fault)
    {
        Snapshot before = World("Running", "[]", null, idleMinutes) with { KeptAwake = new Dictionary<string, DateTimeOffset> { ["1"] = Due.AddMinutes(awakeMinutes) } };
        var stop = new SeenOperation("o", "Stop", "1", "InProgress") { Trigger = "IdleShutdown" };
        Snapshot after = before with { At = Due, Operations = new Dictionary<string, SeenOperation> { ["o"] = stop } };
        Holds(IdleRules.Faults(before, after, _ => Due.AddMinutes(-upMinutes), new ActivityScript(TimeProvider.System)), fault);
    }

    [Fact]
    public void An_idle_stop_of_a_machine_in_which_something_goes_on_is_seen()
    {
        var clock = new VirtualTime();
        var activity = new ActivityScript(clock);
        activity.Work();
        activity.RestedFor(TimeSpan.FromMinutes(15), clock.GetUtcNow().AddMinutes(1)).ShouldBeFalse();
        clock.Advance(TimeSpan.FromMinutes(5));
        activity.Rest();
        activity.RestedFor(TimeSpan.FromMinutes(15), clock.GetUtcNow().AddMinutes(14)).ShouldBeFalse();
        activity.RestedFor(TimeSpan.FromMinutes(15), clock.GetUtcNow().AddMinutes(15)).ShouldBeTrue();
    }

    [Fact]
    public void A_workspace_that_outlives_its_group_and_a_limit_below_what_is_in_use_are_seen()
    {
        Snapshot world = World("Running", "[]", null);
        Holds(CommitRules.Faults(world, world with { Groups = new Dictionary<string, string>() }), "outlived its resource group");
        Holds(CommitRules.Faults(world, world with { Limits = new Dictionary<string, int> { ["local"] = 0 } }), "its limit is 0");
    }

    [Theory]
    [InlineData("Stopped", 0, null)]
    [InlineData("Stopped", 1, "holds 1 cores, not 0")]
    [InlineData("Running", 0, "holds 0 cores, not 1")]
    public void Cores_are_given_back_at_rest_and_only_then(string state, int cores, string? fault)
    {
        Snapshot world = World(state, "[]", null);
        Snapshot after = world with { Instances = world.Instances.ToDictionary(pair => pair.Key, pair => pair.Value with { Releases = true, Cores = cores }) };
        Holds(CommitRules.Faults(world, after), fault);
    }

    private static void Holds(IEnumerable<string> faults, string? expected)
    {
        if (expected is null)
            faults.ShouldBeEmpty();
        else
            faults.ShouldContain(fault => fault.Contains(expected));
    }

    private static Snapshot Fired(Snapshot before, string schedule, string action, string outcome, int seconds)
    {
        var firing = new SeenFiring("1", schedule, Due, action, outcome, Due.AddSeconds(seconds), outcome == "Ran" ? "o" : null);
        SeenOperation[] begun = outcome == "Ran" ? [new("o", action, "1", "InProgress") { Trigger = "Schedule" }] : [];
        return before with { Firings = new[] { firing }.ToDictionary(one => one.Key), Operations = begun.ToDictionary(operation => operation.Id) };
    }

    private static Snapshot World(string state, string schedules, string? notice, int? idleMinutes = null)
    {
        SeenNotice[] notices = notice is null ? []
            : [new("n", "1", SeenNotice.Scheduled, "s", Due, notice == "Snoozed" ? Due.AddMinutes(15) : Due, notice, Due.AddMinutes(-15), null)];
        return new Snapshot(
            new Dictionary<string, SeenInstance> { ["1"] = new("1", "lab", "ant", "local", "STANDARD_DS1_V2", "f", 1, state, "Succeeded") { Planned = schedules, IdleMinutes = idleMinutes } },
            new Dictionary<string, SeenOperation>(),
            new Dictionary<string, SeenWorkspace> { ["w"] = new("w", "lab", "Succeeded") { Group = "team" } })
        {
            At = Due,
            Groups = new Dictionary<string, string> { ["team"] = "Succeeded" },
            Notices = notices.ToDictionary(one => one.Id),
        };
    }
}
