using System.Text.Json;
using Carrel.Instances.Specs;

namespace Carrel.Engine.Commands;

/// <summary>What a PATCH leads to.</summary>
/// <param name="Model">The new model, or null when the patch is refused.</param>
/// <param name="Findings">Why it is refused.</param>
internal sealed record PatchDecision(ComputeInstanceModel? Model, IReadOnlyList<Finding> Findings);

/// <summary>PATCH of an instance: tags, description and identity; anything else is refused (contract 1.6). Pure.</summary>
internal static class PatchRules
{
    private static readonly string[] TopLevel = ["tags", "identity", "properties"];

    internal static PatchDecision Decide(ComputeInstanceModel stored, JsonElement body, ValidationContext context)
    {
        Finding[] foreign = [.. Foreign(body)];
        if (foreign.Length > 0)
            return new PatchDecision(null, foreign);
        SpecReading reading = ComputeInstanceSpecReader.Read(body);
        if (reading.Spec is not { } sent || reading.Findings.Count > 0)
            return new PatchDecision(null, reading.Findings);
        // An update that sends nothing else keeps everything else; what it would clear by absence is put back.
        UpdateDecision decision = UpdateRules.Decide(stored, new ComputeInstanceSpec { Tags = sent.Tags ?? stored.Tags, Description = sent.Description ?? stored.Description, Identity = sent.Identity }, context);
        if (decision.Model is not { } model)
            return new PatchDecision(null, [.. decision.Conflicts, .. decision.Findings]);
        return new PatchDecision(model with { MlflowAutologger = stored.MlflowAutologger }, []);
    }

    private static IEnumerable<Finding> Foreign(JsonElement body)
    {
        foreach (JsonProperty member in body.EnumerateObject())
        {
            if (!Is(member, TopLevel))
                yield return NotSupported(member.Name);
            else if (Is(member, "properties") && member.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty inner in member.Value.EnumerateObject().Where(inner => !Is(inner, "description", "computeType")))
                    yield return NotSupported("properties." + inner.Name);
            }
        }
    }

    private static bool Is(JsonProperty member, params string[] names) => names.Contains(member.Name, StringComparer.OrdinalIgnoreCase);

    private static Finding NotSupported(string target) => new(
        "ComputeInstancePatchNotSupported", $"PATCH of a compute instance changes tags, description and identity only, not '{target}': send a PUT, or the action for it.", target);
}
