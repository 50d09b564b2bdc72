using Carrel.Simulation.Tests.World;

namespace Carrel.Simulation.Tests.Checks;

/// <summary>
/// What every stop for being idle has to keep (contract 4): the machine was up and nothing went on in it for the whole period, and nobody kept it awake, put
/// the stop off or took it back meanwhile. The rule of the product knows more (when exactly the clock begins); earlier than this it never may.
/// </summary>
internal static class IdleRules
{
    /// <summary>What is wrong with a change.</summary>
    /// <param name="before">The world before.</param>
    /// <param name="after">The world after.</param>
    /// <param name="upSince">Since when an instance has been up.</param>
    /// <param name="activity">What went on in the machines.</param>
    internal static IEnumerable<string> Faults(Snapshot before, Snapshot after, Func<string, DateTimeOffset?> upSince, ActivityScript activity)
    {
        foreach (SeenOperation stop in after.Operations.Values.Where(operation => operation.Trigger == "IdleShutdown" && !before.Operations.ContainsKey(operation.Id)))
        {
            if (Fault(before, after.At, stop, upSince, activity) is { } fault)
                yield return $"{before.Instances.GetValueOrDefault(stop.Target)?.Name} is stopped for being idle, and {fault}.";
        }
    }

    private static string? Fault(Snapshot before, DateTimeOffset at, SeenOperation stop, Func<string, DateTimeOffset?> upSince, ActivityScript activity)
    {
        if (stop.Kind != "Stop" || before.Instances.GetValueOrDefault(stop.Target) is not { State: "Running" } instance)
            return $"it is no stop of a running instance but a {stop.Kind}";
        if (instance.IdleMinutes is not { } minutes)
            return "nobody asked for that";
        TimeSpan period = TimeSpan.FromMinutes(minutes);
        if (upSince(instance.Uid) is not { } since || since + period > at)
            return $"it has not been up for {minutes} minutes";
        if (!activity.RestedFor(period, at))
            return $"something went on in it less than {minutes} minutes ago";
        if (before.KeptAwake.TryGetValue(instance.Uid, out DateTimeOffset until) && until > at)
            return $"it is kept awake until {until:HH:mm:ss}";
        SeenNotice[] notices = [.. before.Notices.Values.Where(notice => notice.Kind == SeenNotice.Idle && notice.Instance == instance.Uid)];
        if (notices.Any(notice => notice.IsOpen && notice.DecidedAt is not null && notice.FireAt > at))
            return "the stop was put off";
        return notices.Any(notice => notice.State == "Dismissed" && notice.DecidedAt + period > at) ? $"the stop was taken back less than {minutes} minutes ago" : null;
    }
}
