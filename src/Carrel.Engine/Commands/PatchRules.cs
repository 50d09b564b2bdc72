using System.Text.Json;
using Carrel.Instances.Specs;

namespace Carrel.Engine.Commands;

/// <summary>What a PATCH leads to.</summary>
/// <param name="Model">The new model, or null when the patch is refused.</param>
/// <param name="Findings">Why it is refused.</param>
internal sealed record PatchDecision(ComputeInstanceModel? Model, IReadOnlyList<Finding> Findings);

/// <summary>
/// PATCH of an instance: tags, description and identity; anything else is refused (contract 1.6). The instance's own location may be
/// said again, because the generic resources of <c>Azure.ResourceManager</c> cannot be sent without one. Pure.
/// </summary>
internal static class PatchRules
{
    private static readonly string[] TopLevel = ["tags", "identity", "properties"];

    internal static PatchDecision Decide(ComputeInstanceModel stored, JsonElement body, ValidationContext context)
    {
        Finding[] foreign = [.. Foreign(body, context.Location)];
        if (foreign.Length > 0)
            return new PatchDecision(null, foreign);
        SpecReading reading = ComputeInstanceSpecReader.Read(body);
        if (reading.Spec is not { } sent || reading.Findings.Count > 0)
            return new PatchDecision(null, reading.Findings);
        // An update that sends nothing else keeps everything else; what it would clear by absence is put back.
        UpdateDecision decision = UpdateRules.Decide(stored, new ComputeInstanceSpec { Tags = sent.Tags ?? stored.Tags, Description = sent.Description ?? (ClearsDescription(body) ? null : stored.Description), Identity = Merged(stored.Identity, sent.Identity) }, context);
        if (decision.Model is not { } model)
            return new PatchDecision(null, [.. decision.Conflicts, .. decision.Findings]);
        return new PatchDecision(model with { MlflowAutologger = stored.MlflowAutologger }, []);
    }

    // In a patch null takes a value away (contract 1.1).
    private static bool ClearsDescription(JsonElement body) =>
        Member(body, "properties") is { ValueKind: JsonValueKind.Object } properties && Member(properties, "description") is { ValueKind: JsonValueKind.Null };

    private static JsonElement? Member(JsonElement parent, string name)
    {
        foreach (JsonProperty member in parent.EnumerateObject().Where(member => Is(member, name)))
            return member.Value;
        return null;
    }

    // A patch adds to the identities that are there, and a null takes one away; only a type without UserAssigned takes all.
    private static IdentitySpec? Merged(IdentityModel? stored, IdentitySpec? sent)
    {
        if (sent?.UserAssigned is not { } added || stored is null || sent.Type?.Contains("UserAssigned", StringComparison.OrdinalIgnoreCase) != true)
            return sent;
        IEnumerable<string> kept = stored.UserAssigned.Where(id => !sent.Removed.Concat(added).Any(name => IsNamed(id, name)));
        return sent with { UserAssigned = [.. kept, .. added] };
    }

    private static bool IsNamed(string id, string name) =>
        id.Equals(name, StringComparison.OrdinalIgnoreCase) || (!name.Contains('/', StringComparison.Ordinal) && id.EndsWith("/" + name, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<Finding> Foreign(JsonElement body, string location)
    {
        foreach (JsonProperty member in body.EnumerateObject())
        {
            if (!Is(member, TopLevel) && !IsLocation(member, location))
                yield return NotSupported(member.Name);
            else if (Is(member, "properties") && member.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty inner in member.Value.EnumerateObject().Where(inner => !Is(inner, "description", "computeType")))
                    yield return NotSupported("properties." + inner.Name);
            }
        }
    }

    private static bool IsLocation(JsonProperty member, string location) =>
        Is(member, "location") && member.Value.ValueKind == JsonValueKind.String && location.Equals(member.Value.GetString(), StringComparison.OrdinalIgnoreCase);

    private static bool Is(JsonProperty member, params string[] names) => names.Contains(member.Name, StringComparer.OrdinalIgnoreCase);

    private static Finding NotSupported(string target) => new(
        "ComputeInstancePatchNotSupported", $"PATCH of a compute instance changes tags, description and identity only, not '{target}': send a PUT, or the action for it.", target);
}
