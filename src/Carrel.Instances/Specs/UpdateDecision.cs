namespace Carrel.Instances.Specs;

/// <summary>What an update leads to (contract 1.6).</summary>
/// <param name="Model">The new model; the stored one when nothing changed; null when there are conflicts or findings.</param>
/// <param name="Changed">Whether anything really changed.</param>
/// <param name="Conflicts">Fixed properties that were sent with another value: 409, nothing is applied.</param>
/// <param name="Findings">What is wrong: 400, nothing is applied.</param>
/// <param name="NotApplied">Names of values that were accepted, differ and are not applied, for the Warning header.</param>
public sealed record UpdateDecision(
    ComputeInstanceModel? Model,
    bool Changed,
    IReadOnlyList<Finding> Conflicts,
    IReadOnlyList<Finding> Findings,
    IReadOnlyList<string> NotApplied);
