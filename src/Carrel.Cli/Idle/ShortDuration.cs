using System.Globalization;
using System.Text.RegularExpressions;

namespace Carrel.Cli.Idle;

/// <summary>Durations as people type them: <c>30m</c>, <c>2h</c>, <c>1d12h</c>.</summary>
internal static partial class ShortDuration
{
    private const int Longest = 7 * 24 * 60;

    /// <summary>Whole minutes, 1 to 10080; 0 for <c>off</c>; null when the text is no such duration.</summary>
    public static int? Minutes(string text)
    {
        if (text is "off" or "0")
            return 0;
        var match = Shape().Match(text);
        if (!match.Success || match.Length == 0)
            return null;
        int Part(int group) => match.Groups[group].Success ? int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : 0;
        var minutes = (Part(1) * 1440) + (Part(2) * 60) + Part(3);
        return minutes is >= 1 and <= Longest ? minutes : null;
    }

    /// <summary>How long until an instant, or since it: <c>in 12 minutes</c>, <c>2 hours ago</c>.</summary>
    public static string Away(DateTimeOffset at, DateTimeOffset now)
    {
        var minutes = Math.Round(Math.Abs((at - now).TotalMinutes));
        var length = minutes < 1 ? "less than a minute" : minutes < 120 ? Count(minutes, "minute") : minutes < 2880 ? Count(Math.Round(minutes / 60), "hour") : Count(Math.Round(minutes / 1440), "day");
        return at >= now ? $"in {length}" : $"{length} ago";
    }

    private static string Count(double number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{number:0} {unit}{(number is 1 ? "" : "s")}");

    [GeneratedRegex(@"\A(?:([0-9]{1,3})d)?(?:([0-9]{1,4})h)?(?:([0-9]{1,6})m)?\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Shape();
}
