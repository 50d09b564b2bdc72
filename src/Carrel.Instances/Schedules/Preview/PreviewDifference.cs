using Carrel.Instances.Specs;
using NodaTime;

namespace Carrel.Instances.Schedules.Preview;

/// <summary>What changed settings would do otherwise than today's.</summary>
/// <param name="Added">Starts and stops that come only with the change.</param>
/// <param name="Removed">Starts and stops that come only without it.</param>
public sealed record PreviewDifference(IReadOnlyList<PreviewOccurrence> Added, IReadOnlyList<PreviewOccurrence> Removed)
{
    /// <summary>Compares by instant and effect: which schedule it comes from, and what does nothing, makes no difference. Pure.</summary>
    public static PreviewDifference Between(SchedulePreview today, SchedulePreview changed)
    {
        var (old, now) = (Effects(today), Effects(changed));
        return new PreviewDifference(
            [.. now.Where(pair => !old.ContainsKey(pair.Key)).Select(pair => pair.Value)],
            [.. old.Where(pair => !now.ContainsKey(pair.Key)).Select(pair => pair.Value)]);
    }

    private static Dictionary<(Instant, ScheduleAction), PreviewOccurrence> Effects(SchedulePreview preview) => preview.Occurrences
        .Where(occurrence => occurrence.Outcome is PreviewOutcome.Starts or PreviewOutcome.Stops)
        .DistinctBy(occurrence => (occurrence.At, occurrence.Schedule.Action))
        .ToDictionary(occurrence => (occurrence.At, occurrence.Schedule.Action));
}
