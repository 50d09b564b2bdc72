using Carrel.Simulation.Tests.Steps;
using Carrel.Simulation.Tests.World;

namespace Carrel.Simulation.Tests.Checks;

/// <summary>The rules see what they are there to see.</summary>
public sealed class RulesTests
{
    [Theory]
    [InlineData("Stopped", "Running", null, "went from Stopped to Running")]
    [InlineData("Starting", "Stopping", "Stop", "went from Starting to Stopping")]
    [InlineData("Running", "", null, "went from Running to nothing")]
    [InlineData("Running", "Stopping", null, "is Stopping while nothing runs on it")]
    [InlineData("Running", "Stopping", "Start", "is Stopping while Start runs on it")]
    [InlineData("Running", "Running", "Stop", "is Running while Stop runs on it")]
    public void An_illegal_change_is_seen(string before, string after, string? running, string fault) =>
        CommitRules.Faults(World(before), World(after, running is null ? [] : [(running, "InProgress")])).ShouldContain(found => found.Contains(fault));

    [Theory]
    [InlineData("Running", "Stopping", "Stop")]
    [InlineData("Stopped", "Starting", "Start")]
    [InlineData("Running", "Running", "Settle")]
    [InlineData("Creating", "Deleting", "Delete")]
    public void A_legal_change_is_not(string before, string after, string running) =>
        CommitRules.Faults(World(before), World(after, (running, "InProgress"))).ShouldBeEmpty();

    [Fact]
    public void Two_operations_at_once_are_seen() =>
        CommitRules.Faults(World("Running"), World("Stopping", ("Stop", "InProgress"), ("Restart", "InProgress"))).ShouldContain(found => found.Contains("at the same time"));

    [Fact]
    public void A_success_before_its_end_state_is_seen() =>
        CommitRules.Faults(World("SettingUp", ("Create", "InProgress")), World("SetupFailed", ("Create", "Succeeded"))).ShouldHaveSingleItem().ShouldContain("A Create succeeded and its instance is SetupFailed");

    [Fact]
    public void An_end_that_changes_is_seen() =>
        CommitRules.Faults(World("Stopped", ("Stop", "Canceled")), World("Stopped", ("Stop", "Succeeded"))).ShouldContain(found => found.Contains("was Canceled is Succeeded"));

    [Fact]
    public void Too_many_cores_are_seen() => CommitRules.Faults(World("Running"), World("Running", cores: 101)).ShouldContain(fault => fault.Contains("101 cores are in use"));

    [Theory]
    [InlineData("start lab/ant", 202, "", "Stopped", true)]
    [InlineData("start lab/ant", 202, "", "Stopping", false)]
    [InlineData("start lab/ant", 409, "ComputeOperationConflict", "Stopping", true)]
    [InlineData("start lab/ant", 409, "ComputeOperationConflict", "Stopped", false)]
    [InlineData("start lab/bee", 404, "ResourceNotFound", "Stopped", true)]
    [InlineData("start lab/ant", 404, "ResourceNotFound", "Stopped", false)]
    [InlineData("put lab/ant 1", 201, "", "Stopped", false)]
    [InlineData("put lab/ant 1", 200, "", "Stopped", true)]
    [InlineData("put lab/ant 4", 200, "", "Stopped", false)]
    [InlineData("put lab/bee 1", 400, "ClusterCoreQuotaReached", "Stopped", false)]
    [InlineData("delete lab/ant", 204, "", "Stopped", false)]
    [InlineData("get lab/ant", 500, "InternalServerError", "Stopped", false)]
    [InlineData("get lab/bee", 404, "NoSuchCode", "Stopped", false)]
    public void An_answer_is_held_against_the_state(string call, int status, string code, string state, bool right)
    {
        string body = status < 400 ? "{}" : $$$"""{"error":{"code":"{{{code}}}","message":"m"}}""";
        var headers = new Dictionary<string, string> { ["Azure-AsyncOperation"] = "a", ["Location"] = "b", ["Retry-After"] = "1" };
        (CallRules.Fault(Move.Parse(call), new WireAnswer(status, body, headers), [World(state)]) is null).ShouldBe(right);
    }

    private static Snapshot World(string state, params (string Kind, string Status)[] operations) => World(state, 1, operations);

    private static Snapshot World(string state, int cores, params (string Kind, string Status)[] operations)
    {
        string provisioning = state switch { "Creating" => "Creating", "Deleting" => "Deleting", "CreateFailed" => "Failed", _ => "Succeeded" };
        SeenInstance[] instances = state.Length == 0 ? [] : [new("1", "lab", "ant", "local", "STANDARD_DS1_V2", "f", cores, state, provisioning)];
        return new Snapshot(
            instances.ToDictionary(instance => instance.Uid),
            operations.Select((operation, index) => new SeenOperation($"{index}", operation.Kind, "1", operation.Status)).ToDictionary(operation => operation.Id),
            new Dictionary<string, SeenWorkspace> { ["w"] = new("w", "lab", "Succeeded") { Group = "team" } })
        {
            Groups = new Dictionary<string, string> { ["team"] = "Succeeded" },
        };
    }
}
