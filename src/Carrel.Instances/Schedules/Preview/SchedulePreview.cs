using Carrel.Instances.Specs;
using NodaTime;

namespace Carrel.Instances.Schedules.Preview;

/// <summary>What schedules will do to an instance if nobody, and no idle shutdown, does anything meanwhile.</summary>
/// <param name="From">Begin of the time looked at.</param>
/// <param name="To">Its end; earlier than asked for when there are too many occurrences.</param>
/// <param name="IsComplete">False when it ends earlier than asked for.</param>
/// <param name="Occurrences">In the order of their instants.</param>
/// <param name="Running">How long the instance will run in that time.</param>
public sealed record SchedulePreview(Instant From, Instant To, bool IsComplete, IReadOnlyList<PreviewOccurrence> Occurrences, Duration Running)
{
    /// <summary>Enabled schedules that cannot be read and do not fire.</summary>
    public IReadOnlyList<ScheduleModel> Unreadable { get; init; } = [];

    /// <summary>Hours the instance will run, to a tenth.</summary>
    public decimal Hours => Math.Round((decimal)Running.TotalHours, 1, MidpointRounding.AwayFromZero);

    /// <summary>What they cost, to a cent; null without a price.</summary>
    /// <param name="hourly">Price per hour.</param>
    public decimal? Cost(decimal? hourly) => hourly is { } price ? Math.Round((decimal)Running.TotalHours * price, 2, MidpointRounding.AwayFromZero) : null;
}
