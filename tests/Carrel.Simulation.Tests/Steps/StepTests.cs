namespace Carrel.Simulation.Tests.Steps;

/// <summary>What a failure prints can be run again.</summary>
public sealed class StepTests
{
    [Fact]
    public void A_sequence_is_read_back_as_it_was_written()
    {
        IReadOnlyList<Step> made = [.. Enumerable.Range(1, 20).SelectMany(StepGenerator.Make)];
        Step.Text(Step.ParseAll(Step.Text(made))).ShouldBe(Step.Text(made));
        made.ShouldContain(step => step.Moves.Count > 1);
    }

    [Fact]
    public void A_seed_makes_the_same_sequence_every_time() => Step.Text(StepGenerator.Make(7)).ShouldBe(Step.Text(StepGenerator.Make(7)));

    [Fact]
    public async Task A_failing_sequence_is_shortened_to_what_it_fails_by()
    {
        IReadOnlyList<Step> steps = [.. StepGenerator.Make(7), new(new[] { new Move("crash") }), .. StepGenerator.Make(8), new(new[] { new Move("jump", "", 1200) })];
        IReadOnlyList<Step> shortest = await Shrinking.RunAsync(
            steps, candidate => Task.FromResult(candidate.Any(step => step.Moves[0].Verb == "crash") && candidate.Any(step => step.Moves[0].Verb == "jump")));
        shortest.Select(step => step.Moves[0].Verb).Order().ShouldBe(["crash", "jump"]);
    }
}
