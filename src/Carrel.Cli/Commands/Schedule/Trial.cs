using System.Text.Json;
using Carrel.Instances.Schedules;
using NodaTime;
using NodaTime.Text;

namespace Carrel.Cli.Commands.Schedule;

/// <summary>Which of the two triggers.</summary>
internal enum TrialKind
{
    /// <summary>A cron expression.</summary>
    Cron,

    /// <summary>A recurrence.</summary>
    Recurrence,
}

/// <summary>One question: a trigger, and how many of its firings after an instant.</summary>
/// <param name="Kind">Which of the two.</param>
/// <param name="Trigger">The trigger, as in a request.</param>
/// <param name="After">Firings later than this.</param>
/// <param name="SavedOn">When the trigger is saved, its anchor without a start time; <paramref name="After"/> when null.</param>
/// <param name="Count">How many.</param>
internal sealed record Trial(TrialKind Kind, JsonElement Trigger, Instant After, Instant? SavedOn, int Count)
{
    /// <summary>How many firings when nobody says.</summary>
    public const int DefaultCount = 5;

    /// <summary>How many firings at most.</summary>
    public const int MaximumCount = 10_000;

    /// <summary>Asks.</summary>
    public TrialResult Run()
    {
        var savedOn = SavedOn ?? After;
        var reading = Kind == TrialKind.Cron ? TriggerTrial.Cron(Trigger, savedOn) : TriggerTrial.Recurrence(Trigger, savedOn);
        return reading.Times is not { } times
            ? new TrialResult([], null, reading.Findings)
            : new TrialResult([.. Firings(times)], times.Zone, []);
    }

    /// <summary>A UTC instant of the years 1900 to 8999, or null.</summary>
    public static Instant? ReadInstant(string text) =>
        InstantPattern.ExtendedIso.Parse(text) is { Success: true, Value: var instant } && instant.InUtc().Year is >= 1900 and < 9000 ? instant : null;

    /// <summary>A count in its bounds, or null.</summary>
    public static int? ReadCount(int count) => count is >= 1 and <= MaximumCount ? count : null;

    /// <summary>What to write instead of a wrong instant.</summary>
    public static string InstantProblem(string name) => $"'{name}' must be a UTC instant of the years 1900 to 8999, such as 2026-03-07T00:00:00Z.";

    /// <summary>What to write instead of a wrong count.</summary>
    public static string CountProblem(string name) => $"'{name}' must be a whole number, 1 to {MaximumCount}.";

    private IEnumerable<Instant> Firings(FiringTimes times)
    {
        var next = times.Next(After);
        for (var found = 0; found < Count && next is { } firing; found++, next = times.Next(firing))
            yield return firing;
    }
}
