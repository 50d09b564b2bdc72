namespace Carrel.Simulation.Tests.Checks;

/// <summary>
/// What every change of the store has to keep about firings of schedules and notices: the table of docs/reference/schedules.md (contract 3.5, 3.6), written
/// down a second time.
/// </summary>
internal static class ScheduleRules
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Lead = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LongestSnooze = TimeSpan.FromMinutes(240);

    private static readonly Dictionary<string, string> Start = new()
    {
        ["Ran"] = "Stopped",
        ["NoOp"] = "Running JobRunning Starting SettingUp UserSettingUp Restarting",
        ["Deferred"] = "Stopping Creating",
        ["Conflict"] = "UserSetupFailed SetupFailed Unusable Unknown CreateFailed Deleting",
    };

    private static readonly Dictionary<string, string> Stop = new()
    {
        ["Ran"] = "Running JobRunning UserSetupFailed SetupFailed Unusable Unknown",
        ["NoOp"] = "Stopped Stopping",
        ["Deferred"] = "Starting SettingUp UserSettingUp Restarting Creating",
        ["Conflict"] = "CreateFailed Deleting",
    };

    /// <summary>What is wrong with a change.</summary>
    internal static IEnumerable<string> Faults(Snapshot before, Snapshot after) => FiringFaults(before, after)
        .Concat(OperationFaults(before, after))
        .Concat(after.Notices.Values.Where(notice => before.Notices.GetValueOrDefault(notice.Id) != notice).Select(notice => NoticeFault(before, after, notice)).OfType<string>());

    private static IEnumerable<string> FiringFaults(Snapshot before, Snapshot after)
    {
        foreach (SeenFiring now in after.Firings.Values)
        {
            SeenFiring? was = before.Firings.GetValueOrDefault(now.Key);
            if (was == now)
                continue;
            string? fault = was is null ? FirstFault(before, after, now)
                : was.Outcome == "Deferred" ? LaterFault(before, after, was, now)
                : $"was decided a second time: it was {was.Outcome} and is {now.Outcome}";
            if (fault is not null)
                yield return $"The {now.Action} of {Name(after, now.Instance)} due at {now.Due:HH:mm:ss}, decided at {now.DecidedAt:HH:mm:ss}, {fault}.";
        }

        foreach (SeenFiring gone in before.Firings.Values.Where(gone => !after.Firings.ContainsKey(gone.Key) && after.Instances.ContainsKey(gone.Instance)))
            yield return $"What became of the {gone.Action} of {Name(after, gone.Instance)} due at {gone.Due:HH:mm:ss} was forgotten.";
    }

    // Every operation by schedule is of one occurrence, which is claimed in the same change; so no occurrence begins two.
    private static IEnumerable<string> OperationFaults(Snapshot before, Snapshot after)
    {
        foreach (SeenOperation operation in after.Operations.Values.Where(operation => operation.Trigger == "Schedule" && !before.Operations.ContainsKey(operation.Id)))
        {
            SeenFiring[] claims = [.. after.Firings.Values.Where(firing => firing.Operation == operation.Id && before.Firings.GetValueOrDefault(firing.Key) != firing)];
            if (claims is not [{ Outcome: "Ran" } claim] || claim.Action != operation.Kind || claim.Instance != operation.Target)
                yield return $"A {operation.Kind} of {Name(after, operation.Target)} began by schedule, and {claims.Length} occurrences were claimed with it.";
        }
    }

    private static string? FirstFault(Snapshot before, Snapshot after, SeenFiring now)
    {
        if (Scheduled(before, now) is not { } instance)
            return "is no occurrence of a schedule that was on";
        if (now.DecidedAt < now.Due)
            return "was decided before its time";
        string expected = Expected(before, instance, now);
        return now.Outcome == expected ? OperationFault(after, now) : $"is {now.Outcome} and not {expected}; the instance was {instance.State}";
    }

    private static string Expected(Snapshot before, SeenInstance instance, SeenFiring now)
    {
        SeenNotice? notice = before.NoticeOf(now.Instance, now.Schedule, now.Due);
        if (notice is { State: "Dismissed" })
            return "Dismissed";
        DateTimeOffset at = notice?.FireAt ?? now.Due;
        if (now.DecidedAt < at)
            return "put off";
        if (now.DecidedAt - at > Grace)
            return "Missed";
        return now.Action == "Start" && StopsAt(before, instance, now.Due) ? "Conflict" : ByState(before, instance, now.Action);
    }

    private static string? LaterFault(Snapshot before, Snapshot after, SeenFiring was, SeenFiring now)
    {
        bool isNewer = before.Operations.Values.Any(operation => operation.Target == now.Instance && operation.Trigger == "User" && operation.BegunAt > was.DecidedAt
                && operation.Kind is "Start" or "Stop" or "Restart" or "Reimage" or "Delete")
            || before.Firings.Values.Any(firing => firing.Instance == now.Instance && firing.Due > now.Due && firing.Outcome is not ("Missed" or "Dismissed"));
        string expected = isNewer || Scheduled(before, now) is not { } instance ? "Conflict"
            : ByState(before, instance, now.Action) is var byState && (byState == "NoOp" || now.DecidedAt - now.Due <= LongestWait) ? byState
            : "Conflict";
        return now.Outcome == expected ? OperationFault(after, now) : $"waited, and is {now.Outcome} and not {expected}";
    }

    private static string? OperationFault(Snapshot after, SeenFiring now)
    {
        bool began = now.Operation is { } id && after.Operations.TryGetValue(id, out SeenOperation? operation)
            && (operation.Kind, operation.Target, operation.Trigger) == (now.Action, now.Instance, "Schedule");
        return began == (now.Outcome == "Ran") ? null : $"is {now.Outcome} and {(began ? "began an operation" : "began none")}";
    }

    private static SeenInstance? Scheduled(Snapshot world, SeenFiring firing) => world.Instances.GetValueOrDefault(firing.Instance) is { } instance
        && instance.Schedules.Any(schedule => schedule.Enabled && schedule.Id == firing.Schedule && schedule.Action == firing.Action && schedule.Fires(firing.Due)) ? instance : null;

    // One that was taken back or put off does not come at that instant.
    private static bool StopsAt(Snapshot world, SeenInstance instance, DateTimeOffset due) => instance.Schedules.Any(schedule =>
        schedule is { Enabled: true, Action: "Stop" } && schedule.Fires(due)
        && world.NoticeOf(instance.Uid, schedule.Id, due) is var notice && (notice is null || (notice.State != "Dismissed" && notice.FireAt == due)));

    private static string ByState(Snapshot world, SeenInstance instance, string action)
    {
        string outcome = (action == "Start" ? Start : Stop).First(row => row.Value.Split(' ').Contains(instance.State)).Key;
        return action == "Start" && outcome == "Ran" && !CommitRules.FitsAgain(world, instance) ? "Failed" : outcome;
    }

    // It had ended because there was nothing left to stop, or no schedule for it; and there is again, before its time.
    private static bool IsToldAgain(Snapshot before, SeenNotice was, SeenNotice now) =>
        now.State == "Pending" && now.FireAt == was.FireAt && now.ToldAt > was.ToldAt && now.ToldAt < now.FireAt && (now.Kind != SeenNotice.Scheduled || IsStop(before, now));

    private static string? NoticeFault(Snapshot before, Snapshot after, SeenNotice now)
    {
        SeenNotice? was = before.Notices.GetValueOrDefault(now.Id);
        string what = $"The notice to {Name(after, now.Instance)} of a stop at {now.FireAt:HH:mm:ss}";
        if (was is { State: "Dismissed" } || (was is { State: "Done" } && !IsToldAgain(before, was, now)))
            return $"{what} was {was.State} and is {now.State} again.";
        if (now.Kind != SeenNotice.Scheduled)
            return null;
        if (now.FireAt < now.Due || now.FireAt - now.Due > LongestSnooze)
            return $"{what} is put off from {now.Due:HH:mm:ss}.";
        return was is null && (now.FireAt != now.Due || now.ToldAt < now.Due - Lead || now.ToldAt >= now.Due || !IsStop(before, now))
            ? $"{what}, told at {now.ToldAt:HH:mm:ss}, announces no stop that is near."
            : null;
    }

    private static bool IsStop(Snapshot world, SeenNotice notice) => world.Instances.GetValueOrDefault(notice.Instance) is { } instance
        && instance.Schedules.Any(schedule => schedule is { Enabled: true, Action: "Stop" } && schedule.Id == notice.Schedule && schedule.Fires(notice.Due));

    private static string Name(Snapshot world, string uid) => world.Instances.GetValueOrDefault(uid)?.Name ?? uid;
}
