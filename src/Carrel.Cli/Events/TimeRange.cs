using System.Globalization;
using System.Text.RegularExpressions;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Events;

/// <summary>From when to when events are asked for, as <c>az monitor activity-log list</c> reads its flags.</summary>
internal sealed partial record TimeRange(DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>As far back as the activity log of Azure reaches; without a start everything up to there is shown.</summary>
    private static readonly TimeSpan Usual = TimeSpan.FromDays(90);

    /// <summary>Reads the flags; each may be absent.</summary>
    /// <param name="start">Earliest instant.</param>
    /// <param name="end">Latest instant; now when absent.</param>
    /// <param name="offset">Length of the range, such as <c>1d6h</c>, beside at most one of the two.</param>
    /// <param name="now">The clock.</param>
    /// <exception cref="CliException">One cannot be read, or they contradict each other.</exception>
    public static TimeRange Read(string? start, string? end, string? offset, DateTimeOffset now)
    {
        if (start is not null && end is not null && offset is not null)
            throw CliException.Usage("Give --offset beside --start-time or --end-time, not beside both.");
        DateTimeOffset? from = start is null ? null : Instant(start, "--start-time");
        DateTimeOffset? to = end is null ? null : Instant(end, "--end-time");
        var length = offset is null ? Usual : Length(offset);
        var last = to ?? (offset is not null && from is not null ? Later(from.Value, length) : now);
        var first = from ?? Earlier(last, length);
        return first <= last ? new TimeRange(first, last) : throw CliException.Usage($"The range ends before it begins: {Text(first)} is later than {Text(last)}.");
    }

    /// <summary>An instant as filters write it.</summary>
    public static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static DateTimeOffset Instant(string text, string option) =>
        InstantShape().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant
            : throw CliException.Usage($"{option} is '{text}'; write it as 2026-11-25 or 2026-11-25T14:30:00Z (UTC when no offset is given).");

    private static TimeSpan Length(string text)
    {
        var match = LengthShape().Match(text.Trim());
        if (!match.Success || match.Length == 0)
            throw CliException.Usage($"--offset is '{text}'; write days, hours and minutes, such as 1d, 6h or 1d12h30m.");
        double Part(int group) => match.Groups[group].Success ? double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : 0;
        return TimeSpan.FromMinutes((Part(1) * 1440) + (Part(2) * 60) + Part(3));
    }

    private static DateTimeOffset Later(DateTimeOffset instant, TimeSpan length) =>
        DateTimeOffset.MaxValue - instant < length ? DateTimeOffset.MaxValue : instant + length;

    private static DateTimeOffset Earlier(DateTimeOffset instant, TimeSpan length) =>
        instant - DateTimeOffset.UnixEpoch < length ? DateTimeOffset.UnixEpoch : instant - length;

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d{1,7})?)?\s*([Zz]|[-+]\d\d:?\d\d)?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex InstantShape();

    [GeneratedRegex(@"^(?:(\d{1,5})d)?(?:(\d{1,6})h)?(?:(\d{1,7})m)?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex LengthShape();
}
