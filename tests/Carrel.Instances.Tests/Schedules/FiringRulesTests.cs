using Carrel.Instances.Lifecycle;
using Carrel.Instances.Schedules.Firing;
using Carrel.Instances.Specs;
using NodaTime;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Schedules;

/// <summary>What an occurrence does to an instance, by its state (contract 3.5).</summary>
public sealed class FiringRulesTests
{
    private static readonly Instant Nine = Instant.FromUtc(2026, 11, 25, 9, 0);

    [Theory(DisplayName = "3.T3, 3.T11 What a Start does in each state")]
    [InlineData(InstanceState.Stopped, FiringOutcome.Ran)]
    [InlineData(InstanceState.Running, FiringOutcome.NoOp)]
    [InlineData(InstanceState.JobRunning, FiringOutcome.NoOp)]
    [InlineData(InstanceState.Starting, FiringOutcome.NoOp)]
    [InlineData(InstanceState.SettingUp, FiringOutcome.NoOp)]
    [InlineData(InstanceState.UserSettingUp, FiringOutcome.NoOp)]
    [InlineData(InstanceState.Restarting, FiringOutcome.NoOp)]
    [InlineData(InstanceState.Stopping, FiringOutcome.Deferred)]
    [InlineData(InstanceState.Creating, FiringOutcome.Deferred)]
    [InlineData(InstanceState.CreateFailed, FiringOutcome.Conflict)]
    [InlineData(InstanceState.Deleting, FiringOutcome.Conflict)]
    [InlineData(InstanceState.Unusable, FiringOutcome.Conflict)]
    [InlineData(InstanceState.Unknown, FiringOutcome.Conflict)]
    [InlineData(InstanceState.SetupFailed, FiringOutcome.Conflict)]
    [InlineData(InstanceState.UserSetupFailed, FiringOutcome.Conflict)]
    public void What_a_start_does_in_each_state(InstanceState state, FiringOutcome outcome) => Decide(ScheduleAction.Start, state).ShouldBe(outcome);

    [Theory(DisplayName = "3.T3 What a Stop does in each state")]
    [InlineData(InstanceState.Running, FiringOutcome.Ran)]
    [InlineData(InstanceState.JobRunning, FiringOutcome.Ran)]
    [InlineData(InstanceState.UserSetupFailed, FiringOutcome.Ran)]
    [InlineData(InstanceState.SetupFailed, FiringOutcome.Ran)]
    [InlineData(InstanceState.Unusable, FiringOutcome.Ran)]
    [InlineData(InstanceState.Unknown, FiringOutcome.Ran)]
    [InlineData(InstanceState.Stopped, FiringOutcome.NoOp)]
    [InlineData(InstanceState.Stopping, FiringOutcome.NoOp)]
    [InlineData(InstanceState.Starting, FiringOutcome.Deferred)]
    [InlineData(InstanceState.Creating, FiringOutcome.Deferred)]
    [InlineData(InstanceState.SettingUp, FiringOutcome.Deferred)]
    [InlineData(InstanceState.UserSettingUp, FiringOutcome.Deferred)]
    [InlineData(InstanceState.Restarting, FiringOutcome.Deferred)]
    [InlineData(InstanceState.CreateFailed, FiringOutcome.Conflict)]
    [InlineData(InstanceState.Deleting, FiringOutcome.Conflict)]
    public void What_a_stop_does_in_each_state(InstanceState state, FiringOutcome outcome) => Decide(ScheduleAction.Stop, state).ShouldBe(outcome);

    [Fact(DisplayName = "3.T12 Start and Stop at one instant: Stop wins, whatever the state")]
    public void Start_and_stop_at_one_instant_stop_wins()
    {
        FiringRules.Decide(ScheduleAction.Start, InstanceState.Stopped, Nine, Nine, stopsToo: true).Word.ShouldBe("Skipped: Conflict");
        FiringRules.Decide(ScheduleAction.Start, InstanceState.Running, Nine, Nine, stopsToo: true).Word.ShouldBe("Skipped: Conflict");
        FiringRules.Decide(ScheduleAction.Stop, InstanceState.Running, Nine, Nine, stopsToo: true).Outcome.ShouldBe(FiringOutcome.Ran);
        FiringRules.Decide(ScheduleAction.Stop, InstanceState.Stopped, Nine, Nine, stopsToo: true).Outcome.ShouldBe(FiringOutcome.NoOp);
    }

    [Theory(DisplayName = "3.T9, 3.T10 60 seconds late it still runs, a second later it is missed")]
    [InlineData(0, "Ran")]
    [InlineData(60, "Ran")]
    [InlineData(61, "Skipped: Missed")]
    [InlineData(86_400, "Skipped: Missed")]
    public void A_late_occurrence_runs_for_a_minute_and_is_missed_then(int seconds, string word) =>
        FiringRules.Decide(ScheduleAction.Stop, InstanceState.Running, Nine, Nine + Duration.FromSeconds(seconds), stopsToo: false).Word.ShouldBe(word);

    [Fact(DisplayName = "3.T11 What waited runs when the instance has come to rest, for 15 minutes, unless something newer has come")]
    public void What_waited_runs_when_the_instance_has_come_to_rest()
    {
        Again(InstanceState.Stopping, 14, null).ShouldBe(FiringOutcome.Deferred);
        Again(InstanceState.Stopped, 14, null).ShouldBe(FiringOutcome.Ran);
        Again(InstanceState.Stopped, 15, null).ShouldBe(FiringOutcome.Ran);
        Again(InstanceState.Stopped, 16, null).ShouldBe(FiringOutcome.Conflict);
        Again(InstanceState.Stopping, 16, null).ShouldBe(FiringOutcome.Conflict);
        Again(InstanceState.Running, 1, null).ShouldBe(FiringOutcome.NoOp);
        Again(InstanceState.Stopped, 1, "a Start of ann@contoso.com").ShouldBe(FiringOutcome.Conflict);
        FiringRules.DecideAgain(ScheduleAction.Start, InstanceState.Stopped, Nine, Nine, "a Start of ann@contoso.com").Reason.ShouldContain("ann@contoso.com");
    }

    [Fact]
    public void Only_an_instance_that_would_be_stopped_is_worth_a_notice()
    {
        Enum.GetValues<InstanceState>().Where(FiringRules.IsWorthANotice).ShouldBe(
            [
                InstanceState.Running, InstanceState.JobRunning, InstanceState.Starting, InstanceState.Restarting, InstanceState.SettingUp, InstanceState.UserSettingUp,
                InstanceState.SetupFailed, InstanceState.UserSetupFailed, InstanceState.Unknown, InstanceState.Unusable,
            ],
            ignoreOrder: true);
    }

    private static FiringOutcome Decide(ScheduleAction action, InstanceState state) => FiringRules.Decide(action, state, Nine, Nine, stopsToo: false).Outcome;

    private static FiringOutcome Again(InstanceState state, int minutes, string? newer) =>
        FiringRules.DecideAgain(ScheduleAction.Start, state, Nine, Nine + Duration.FromMinutes(minutes), newer).Outcome;
}
