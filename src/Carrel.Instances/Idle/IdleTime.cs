using System.Globalization;
using System.Text.RegularExpressions;

namespace Carrel.Instances.Idle;

/// <summary>The text form of the idle period (contract 4.1): an ISO 8601 duration of 15 minutes to 3 days, kept in whole minutes.</summary>
public static partial class IdleTime
{
    private const decimal MinimumSeconds = 15 * 60;
    private const decimal MaximumSeconds = 3 * 24 * 3600;

    /// <summary>Reads a duration. The limits are tested before a fraction of a minute is rounded up.</summary>
    /// <returns>Whole minutes, 15 to 4320, or null when the text is no such duration.</returns>
    public static int? Minutes(string text)
    {
        var match = Grammar().Match(text);
        if (!match.Success || text.EndsWith('P') || text.EndsWith('T'))
        {
            return null;
        }

        var seconds = 0m;
        foreach (var (group, unit) in new[] { ("d", 86400m), ("h", 3600m), ("m", 60m), ("s", 1m) })
        {
            if (match.Groups[group] is { Success: true } part)
            {
                seconds += decimal.Parse(part.Value, CultureInfo.InvariantCulture) * unit;
            }
        }

        return seconds is >= MinimumSeconds and <= MaximumSeconds ? (int)Math.Ceiling(seconds / 60) : null;
    }

    /// <summary>The only form the Python reader knows: <c>PT30M</c>.</summary>
    public static string Text(int minutes) => string.Create(CultureInfo.InvariantCulture, $"PT{minutes}M");

    // At most nine digits, so that no number overflows; a longer one is far over the limit anyway.
    [GeneratedRegex(
        @"\AP(?:(?<d>[0-9]{1,9})D)?(?:T(?:(?<h>[0-9]{1,9})H)?(?:(?<m>[0-9]{1,9})M)?(?:(?<s>[0-9]{1,9}(?:\.[0-9]{1,9})?)S)?)?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Grammar();
}
