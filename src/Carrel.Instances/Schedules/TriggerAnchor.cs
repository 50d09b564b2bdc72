using Carrel.Instances.Specs.Validation;
using NodaTime;

namespace Carrel.Instances.Schedules;

/// <summary>Where a trigger counts from, and between which instants it may fire (contract 3.3).</summary>
/// <param name="Zone">The zone of its wall times.</param>
/// <param name="Wall">The anchor as wall time.</param>
/// <param name="At">The anchor as instant.</param>
/// <param name="After">It fires after this instant only.</param>
/// <param name="Until">It fires before this instant only; null for no end.</param>
internal sealed record TriggerAnchor(DateTimeZone Zone, LocalDateTime Wall, Instant At, Instant After, Instant? Until)
{
    /// <summary>
    /// The anchor of a validated trigger. A start time with <c>Z</c> switches the zone off for the whole trigger and may itself be fired at; without a
    /// start time the anchor is the instant of saving, cut to the minute, and nothing fires at it (decision D4).
    /// </summary>
    public static TriggerAnchor Of(string? start, string? end, string timeZone, Instant savedOn)
    {
        var zone = IsUtc(start) ? DateTimeZone.Utc : TriggerZones.Find(timeZone) ?? throw new ArgumentException($"No zone '{timeZone}'.", nameof(timeZone));
        var until = end is null ? default(Instant?) : InstantOf(end, zone) + Duration.Epsilon;
        if (start is not null)
        {
            var startsAt = InstantOf(start, zone);
            return new TriggerAnchor(zone, WallOf(start), startsAt, startsAt - Duration.Epsilon, until);
        }

        var saved = Instant.FromUnixTimeSeconds((long)Math.Floor((savedOn - NodaConstants.UnixEpoch).TotalMinutes) * 60);
        return new TriggerAnchor(zone, saved.InZone(zone).LocalDateTime, saved, saved, until);
    }

    private static Instant InstantOf(string time, DateTimeZone zone) => WallTimeRules.Resolve(WallOf(time), IsUtc(time) ? DateTimeZone.Utc : zone);

    private static LocalDateTime WallOf(string time) => TriggerTime.Read(time) ?? throw new ArgumentException($"No wall time '{time}'.", nameof(time));

    private static bool IsUtc(string? time) => time is not null && time.EndsWith('Z');
}
