using System.Text.Json;
using Carrel.Instances.Specs.Reading;

namespace Carrel.Instances.Specs.Settings;

/// <summary>Reads the small bodies of setting calls.</summary>
internal static class SettingBody
{
    /// <summary>
    /// The body as an object with that member, or empty. A body that names only other members is a mistake in spelling, and taking it for an
    /// empty one would wipe the setting out.
    /// </summary>
    /// <param name="body">The body.</param>
    /// <param name="member">The member.</param>
    /// <param name="findings">What is wrong.</param>
    /// <param name="whole">What messages call the body.</param>
    /// <param name="mayBeEmpty">Whether an empty body means none.</param>
    public static MemberReader? Object(JsonElement body, string member, List<Finding> findings, string whole = "The body", bool mayBeEmpty = true)
    {
        if (body.ValueKind != JsonValueKind.Object || !UnicodeCheck.IsClean(body))
        {
            findings.Add(new Finding(FindingCodes.InvalidRequestBody, $"{whole} must be a JSON object of valid Unicode text.", ""));
            return null;
        }

        var names = body.EnumerateObject().Select(item => item.Name).ToList();
        if ((names.Count > 0 || !mayBeEmpty) && !names.Contains(member, StringComparer.OrdinalIgnoreCase))
        {
            findings.Add(new Finding(FindingCodes.InvalidRequestBody, $"{whole} must name '{member}'.", member));
        }

        return new MemberReader(body, "", findings);
    }

    /// <summary>The body as a bare list of objects.</summary>
    public static List<MemberReader> Items(JsonElement body, List<Finding> findings)
    {
        if (body.ValueKind != JsonValueKind.Array || !UnicodeCheck.IsClean(body))
        {
            findings.Add(new Finding(FindingCodes.InvalidRequestBody, "The body must be a JSON array of objects, of valid Unicode text.", ""));
            return [];
        }

        var items = new List<MemberReader>();
        foreach (var (index, item) in body.EnumerateArray().Index())
        {
            if (item.ValueKind == JsonValueKind.Object)
            {
                items.Add(new MemberReader(item, $"[{index}]", findings));
            }
            else
            {
                findings.Add(new Finding(FindingCodes.InvalidRequestBody, $"'[{index}]' must be an object.", $"[{index}]"));
            }
        }

        return items;
    }
}
