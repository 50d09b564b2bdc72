using Carrel.Instances.Schedules;
using NodaTime;
using NodaTime.Text;

namespace Carrel.Instances.Specs.Validation;

/// <summary>Wall times and time zones of triggers (contract 3.3).</summary>
internal static class TriggerTime
{
    private const int MaximumYearsAhead = 49;

    private static readonly LocalDateTimePattern[] Patterns =
    [
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss"),
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm"),
    ];

    public static bool IsZone(string zone) => TriggerZones.Find(zone) is not null;

    /// <summary>A wall time, with or without seconds; a trailing <c>Z</c> means UTC. Null when it is none.</summary>
    public static LocalDateTime? Read(string text)
    {
        text = text.EndsWith('Z') ? text[..^1] : text;
        foreach (var pattern in Patterns)
        {
            if (pattern.Parse(text) is { Success: true } parsed)
            {
                return parsed.Value;
            }
        }

        return null;
    }

    /// <summary>Whether a time may be saved. 24:00 means the next day, which not every reader knows; one that is stored is still read.</summary>
    public static bool IsGood(string text, Instant now) =>
        !text.Contains("T24", StringComparison.Ordinal) && Read(text) is { Year: >= 1 } time && time <= now.InUtc().LocalDateTime.PlusYears(MaximumYearsAhead);
}
