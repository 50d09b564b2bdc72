namespace Carrel.Instances.Specs.Settings;

/// <summary>What a call that changes one setting of an instance leads to (contract 1.6). Targets of findings are paths in the call's own body.</summary>
/// <param name="Model">The model with the setting in it; null when the call is refused.</param>
/// <param name="Findings">What is wrong with the body: 400, nothing is applied.</param>
/// <param name="Conflict">Why the instance cannot have the setting at all: 409; or null.</param>
public sealed record SettingDecision(ComputeInstanceModel? Model, IReadOnlyList<Finding> Findings, string? Conflict = null)
{
    internal static SettingDecision Of(ComputeInstanceModel model, List<Finding> findings) =>
        findings.Count == 0 ? new SettingDecision(model, []) : new SettingDecision(null, findings);
}
