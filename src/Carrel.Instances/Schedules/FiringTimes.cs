using Carrel.Instances.Specs;
using NodaTime;

namespace Carrel.Instances.Schedules;

/// <summary>
/// When a trigger fires (contract 3.2 to 3.4): a pure function of the trigger and the instant it was saved. Immutable, so threads may share it.
/// Status and action of the schedule do not matter here.
/// </summary>
public sealed class FiringTimes
{
    /// <summary>
    /// How far ahead a search goes. The rarest triggers wait 40 years: 29 February on one day of the week, across 2100. So what is not found in 50 never comes.
    /// </summary>
    private static readonly Duration LongestWait = Duration.FromDays(50 * 366);

    /// <summary>Nothing is looked for later; the calendar of the dates ends with the year 9999.</summary>
    private static readonly Instant EndOfTime = Instant.FromUtc(9900, 1, 1, 0, 0);

    private readonly IFiringPattern _pattern;
    private readonly Instant _after;
    private readonly Instant _until;

    internal FiringTimes(IFiringPattern pattern, TriggerAnchor anchor, GapRule gap, OverlapRule overlap)
    {
        (_pattern, _after, _until) = (pattern, anchor.After, anchor.Until ?? EndOfTime);
        (Zone, Gap, Overlap) = (anchor.Zone, gap, overlap);
    }

    /// <summary>The zone of the trigger's wall times; UTC when its start time ends with <c>Z</c>.</summary>
    public DateTimeZone Zone { get; }

    /// <summary>What it does with wall times that do not exist.</summary>
    public GapRule Gap { get; }

    /// <summary>What it does with wall times that come twice.</summary>
    public OverlapRule Overlap { get; }

    /// <summary>The firing times of a schedule.</summary>
    /// <exception cref="ArgumentException">The model was not made by the validator: it has no trigger, or one that cannot be read.</exception>
    public static FiringTimes Of(ScheduleModel schedule) =>
        schedule.Cron is { } cron ? FiringPatterns.Of(cron, schedule.TriggerSavedOn)
        : schedule.Recurrence is { } recurrence ? FiringPatterns.Of(recurrence, schedule.TriggerSavedOn)
        : throw new ArgumentException("The schedule has no trigger.", nameof(schedule));

    /// <summary>The firing times of a stored schedule; null when it cannot be read, because its zone has left the table of zones, say, or its row is damaged.</summary>
    public static FiringTimes? TryOf(ScheduleModel schedule)
    {
        try
        {
            return Of(schedule);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Whether an occurrence falls on an instant.</summary>
    public bool FallsOn(Instant due) => Next(due - Duration.Epsilon) == due;

    /// <summary>The first occurrence after an instant, which is itself excluded; null when none comes any more.</summary>
    public Instant? Next(Instant after)
    {
        var begin = Instant.Max(after, _after);
        return begin < _until ? _pattern.First(begin, Instant.Min(_until, begin + LongestWait)) : null;
    }

    /// <summary>The occurrences from <paramref name="from"/>, included, to <paramref name="to"/>, excluded, in order.</summary>
    public IEnumerable<Instant> Between(Instant from, Instant to)
    {
        var next = Next(from > _after ? from - Duration.Epsilon : _after);
        for (; next is { } found && found < to; next = Next(found))
        {
            yield return found;
        }
    }
}
