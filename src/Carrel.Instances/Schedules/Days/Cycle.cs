namespace Carrel.Instances.Schedules.Days;

/// <summary>Counting in steps from an anchor, in both directions.</summary>
internal static class Cycle
{
    /// <summary>How far <paramref name="distance"/> lies behind the last step: 0 to <paramref name="interval"/> - 1, also for negative distances.</summary>
    public static int Past(int distance, int interval) => ((distance % interval) + interval) % interval;
}
