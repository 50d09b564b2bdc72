using Carrel.Instances.Lifecycle;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Lifecycle;

public sealed class LifecycleRulesTests
{
    // One column per state in this order; y = allowed, o = no-op, - = conflict. Written out from contract 1.4 and not derived from the code.
    private const string Columns =
        "Creating CreateFailed Deleting Running Restarting JobRunning SettingUp SetupFailed Starting Stopped Stopping UserSettingUp UserSetupFailed Unknown Unusable";

    [Theory]
    [InlineData(InstanceCall.Start, "- - - o - o - - o y - - - - -")]
    [InlineData(InstanceCall.Stop, "- - - y - y - y - o o - y y y")]
    [InlineData(InstanceCall.Restart, "- - - y - y - y - - - - y y y")]
    [InlineData(InstanceCall.Delete, "y y o y y y y y y y y y y y y")]
    [InlineData(InstanceCall.UpdateSchedules, "- - - y - y - - - y - - y - -")]
    [InlineData(InstanceCall.UpdateIdleShutdownSetting, "- - - y - y - - - y - - y - -")]
    [InlineData(InstanceCall.EnableSso, "- - - y - y - - - y - - - - -")]
    [InlineData(InstanceCall.UpdateSshKey, "- - - y - y - - - y - - - - -")]
    [InlineData(InstanceCall.UpdateCustomServices, "- - - y - y - - - y - - - - -")]
    [InlineData(InstanceCall.UpdateDataMounts, "- - - y - y - - - y - - - - -")]
    [InlineData(InstanceCall.Update, "- y - y - y - - - y - - y - -")]
    [InlineData(InstanceCall.SubmitJob, "y - - y y y y y y y y y y y y")]
    [InlineData(InstanceCall.OpenApplication, "- - - y - y - - - - - - y - -")]
    [InlineData(InstanceCall.Reimage, "- - - y - - - - - y - - - - -")]
    public void Every_cell_of_the_table_is_as_the_contract_says(InstanceCall call, string row)
    {
        var states = Columns.Split(' ');
        states.ShouldBe(Enum.GetNames<InstanceState>(), ignoreOrder: true);
        foreach (var (state, cell) in states.Zip(row.Split(' ')))
        {
            var expected = cell switch { "y" => LifecycleOutcome.Allowed, "o" => LifecycleOutcome.NoOp, _ => LifecycleOutcome.Conflict };
            LifecycleRules.Decide(call, Enum.Parse<InstanceState>(state)).Outcome.ShouldBe(expected, $"{call} in {state}");
        }
    }

    [Fact]
    public void Every_call_is_in_the_table() =>
        Enum.GetValues<InstanceCall>().ShouldAllBe(call => LifecycleRules.Decide(call, InstanceState.Running).Reason.Length > 0);

    [Fact(DisplayName = "1.T7 A conflict names operation and state")]
    public void Statement_1_T7_a_conflict_names_operation_and_state()
    {
        var decision = LifecycleRules.Decide(InstanceCall.Start, InstanceState.Stopping);
        decision.Outcome.ShouldBe(LifecycleOutcome.Conflict);
        decision.Reason.ShouldContain("Start");
        decision.Reason.ShouldContain("Stopping");
    }

    [Theory]
    [InlineData(LastOperationOutcome.Failed, "StartFailed")]
    [InlineData(LastOperationOutcome.InProgress, "InProgress")]
    [InlineData(LastOperationOutcome.Succeeded, "Succeeded")]
    public void The_status_word_of_an_operation_is_the_one_of_the_wire(LastOperationOutcome outcome, string word) =>
        new LastOperation(OperationName.Start, outcome, OperationTrigger.User, Samples.Now).StatusWord.ShouldBe(word);
}
