using System.Text.Json;
using Carrel.Arm.Errors;
using Carrel.Engine.Idle;
using Carrel.Instances.Specs;

namespace Carrel.Api.Workspaces;

/// <summary>Checks the property <c>idleSignals</c> of a workspace: a threshold for each signal that is to count; null or absent is off.</summary>
internal static class IdleSignalsReader
{
    private const string Target = "properties." + OptionalSignalReading.Property;

    /// <summary>Checks a workspace's properties.</summary>
    /// <exception cref="ArmException">400 <c>InvalidRequestBody</c>: a misspelled or senseless threshold would silently count nothing.</exception>
    internal static void Check(JsonElement properties)
    {
        foreach (JsonProperty member in properties.EnumerateObject())
        {
            if (member.Name.Equals(OptionalSignalReading.Property, StringComparison.OrdinalIgnoreCase) && member.Value.ValueKind != JsonValueKind.Null)
                CheckThresholds(member.Value);
        }
    }

    private static void CheckThresholds(JsonElement signals)
    {
        string names = string.Join(", ", OptionalSignalReading.Members.Keys);
        if (signals.ValueKind != JsonValueKind.Object)
            throw Invalid($"'{Target}' must be an object with thresholds for {names}.", Target);
        foreach (JsonProperty signal in signals.EnumerateObject())
        {
            if (!OptionalSignalReading.Members.TryGetValue(signal.Name, out int most))
                throw Invalid($"'{signal.Name}' is no signal that can be switched on; those are {names}.", $"{Target}.{signal.Name}");
            bool fits = signal.Value.ValueKind == JsonValueKind.Null
                || (signal.Value.ValueKind == JsonValueKind.Number && signal.Value.TryGetInt32(out int threshold) && threshold >= 1 && threshold <= most);
            if (!fits)
                throw Invalid($"'{Target}.{signal.Name}' must be a whole number from 1 to {most}, from which on it counts; null or leaving it out switches it off.", $"{Target}.{signal.Name}");
        }
    }

    private static ArmException Invalid(string message, string target) => new(400, FindingCodes.InvalidRequestBody, message, target);
}
