using System.Text.Json;
using Carrel.Arm.Errors;
using Carrel.Engine.Schedules;
using Carrel.Instances.Specs;

namespace Carrel.Api.Schedules;

/// <summary>The body of a preview: <c>days</c> and, for settings that are not saved yet, <c>schedules</c>; both may be absent.</summary>
/// <param name="Days">How far ahead.</param>
/// <param name="Schedules">The <c>schedules</c> object, or null.</param>
internal sealed record PreviewRequest(int Days, JsonElement? Schedules)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="ArmException">400 <c>InvalidRequestBody</c>.</exception>
    internal static PreviewRequest Read(JsonElement body)
    {
        var request = new PreviewRequest(SchedulePreviews.DefaultDays, null);
        foreach (JsonProperty member in body.EnumerateObject())
        {
            if (member.Name.Equals("days", StringComparison.OrdinalIgnoreCase))
                request = request with { Days = ReadDays(member.Value) };
            else if (member.Name.Equals("schedules", StringComparison.OrdinalIgnoreCase) && member.Value.ValueKind != JsonValueKind.Null)
                request = request with { Schedules = member.Value };
        }

        return request;
    }

    private static int ReadDays(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int days) && days is >= 1 and <= SchedulePreviews.MostDays
            ? days
            : throw new ArmException(400, FindingCodes.InvalidRequestBody, $"'days' must be a whole number from 1 to {SchedulePreviews.MostDays}.", "days");
}
