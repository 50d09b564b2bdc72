using NodaTime;

namespace Carrel.Instances.Schedules;

/// <summary>What becomes of an occurrence, and why.</summary>
/// <param name="Runs">Its action is carried out now.</param>
/// <param name="Reason">One word for logs: <c>Due</c> or <c>Missed</c>.</param>
public sealed record OccurrenceDecision(bool Runs, string Reason);

/// <summary>
/// The rule for missed occurrences, named <em>skip</em>: nothing is made up, the next one counts (contract 3.5). Making up would stop a machine under somebody
/// who started it after the hour. Each skipped one is recorded with its instant.
/// </summary>
public static class MissedRule
{
    /// <summary>An occurrence that is at most this old still runs: a restart of the server is no miss.</summary>
    public static readonly Duration Grace = Duration.FromSeconds(60);

    /// <summary>The decision on an occurrence that is looked at now.</summary>
    public static OccurrenceDecision Decide(Instant due, Instant now) =>
        now - due <= Grace ? new OccurrenceDecision(true, "Due") : new OccurrenceDecision(false, "Missed");
}
