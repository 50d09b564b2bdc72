using System.Text.Json.Serialization;
using NodaTime;

namespace Carrel.Instances.Idle;

/// <summary>The idle clock of a running instance (contract 4.3). It is stored and outlives the control plane.</summary>
/// <param name="RunningSince">When it entered Running.</param>
/// <param name="IdleSince">Since when it is idle; null while something counted is active.</param>
public sealed record IdleClock(Instant RunningSince, Instant? IdleSince)
{
    /// <summary>How many stops are tried when they fail: one, and three again (contract 4.3).</summary>
    public const int MostAttempts = 4;

    /// <summary>When the machine was last seen as a whole; null before the first sample.</summary>
    public Instant? SeenAt { get; init; }

    /// <summary>Samples in a row that told nothing.</summary>
    public int Silent { get; init; }

    /// <summary>Keys of the counted signals that the last sample saw active.</summary>
    public IReadOnlyList<string> Active { get; init; } = [];

    /// <summary>The instant of the stop that was announced, or null.</summary>
    public Instant? AnnouncedStop { get; init; }

    /// <summary>Stops that were begun for this idleness.</summary>
    public int Attempts { get; init; }

    /// <summary>When the last of them was begun.</summary>
    public Instant? LastAttempt { get; init; }

    /// <summary>Where the owner's snooze moved <see cref="IdleSince"/>; an idleness that begins earlier counts from here. Null without one.</summary>
    public Instant? PostponedTo { get; init; }

    /// <summary>Whether the idle time counts from where a snooze moved it, and not from the end of work.</summary>
    [JsonIgnore]
    public bool IsPutOff => IdleSince is not null && IdleSince == PostponedTo;

    /// <summary>A fresh clock: who enters Running is idle from there until something happens (contract 4.3).</summary>
    public static IdleClock Started(Instant now) => new(now, now);

    /// <summary>
    /// What a changed period does to the clock (contract 4.3): one shorter than the idle time already accrued begins it anew, so that nothing
    /// stops at once; an equal or longer one lets it run.
    /// </summary>
    /// <param name="period">The new period in minutes; null for off.</param>
    /// <param name="now">When it was changed.</param>
    public IdleClock WithPeriod(int? period, Instant now) =>
        period is { } minutes && IdleSince is { } since && Duration.FromMinutes(minutes) < now - since ? this with { IdleSince = now } : this;

    /// <summary>The owner dismissed the announced stop: the clock begins anew (contract 4.5).</summary>
    public IdleClock Dismissed(Instant now) => this with { IdleSince = IdleSince is null ? null : now, AnnouncedStop = null, Attempts = 0, LastAttempt = null };

    /// <summary>The owner put the announced stop off (contract 4.5).</summary>
    public IdleClock Snoozed(Duration by) => this with
    {
        IdleSince = IdleSince + by,
        PostponedTo = IdleSince + by,
        AnnouncedStop = null,
        Attempts = 0,
        LastAttempt = null,
    };

    /// <summary>The control plane was away: what is new is only that nobody listened meanwhile (contract 4.3: a restart keeps idleSince).</summary>
    public IdleClock ControlPlaneReturned(Instant now) => Silent > 0 || SeenAt is null ? this : this with { SeenAt = now };
}
