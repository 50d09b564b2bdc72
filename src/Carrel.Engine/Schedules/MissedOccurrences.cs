using Carrel.Instances.Schedules;
using NodaTime;

namespace Carrel.Engine.Schedules;

/// <summary>Occurrences of one schedule that nobody looked at in time, when they are too many to be told one by one.</summary>
/// <param name="Count">How many; <see cref="MostCounted"/> stands for that many or more.</param>
/// <param name="First">The first.</param>
/// <param name="Last">The last that was counted.</param>
internal sealed record MissedOccurrences(int Count, Instant First, Instant Last)
{
    /// <summary>Up to so many of one schedule are told one by one.</summary>
    internal const int MostSingle = 20;

    /// <summary>Counting ends here: a trigger of every minute has half a million in a year.</summary>
    internal const int MostCounted = 10_000;

    /// <summary>What a schedule missed between two looks; null when it is little enough to be told one by one.</summary>
    internal static MissedOccurrences? Of(FiringTimes times, Instant after, Instant now)
    {
        Instant until = now - MissedRule.Grace;
        int count = 0;
        Instant? first = null, last = null;
        for (Instant? next = times.Next(after); next is { } missed && missed < until && count < MostCounted; next = times.Next(missed))
        {
            first ??= missed;
            last = missed;
            count++;
        }

        return count > MostSingle ? new MissedOccurrences(count, first!.Value, last!.Value) : null;
    }
}
