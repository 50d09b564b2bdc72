namespace Carrel.Simulation.Tests.Checks;

/// <summary>What holds for every single change of the store, whoever made it (contract 1.3 to 1.6, 10.2).</summary>
internal static class CommitRules
{
    /// <summary>What is wrong with a change.</summary>
    internal static IEnumerable<string> Faults(Snapshot before, Snapshot after)
    {
        foreach (string uid in before.Instances.Keys.Union(after.Instances.Keys))
        {
            string from = before.Instances.GetValueOrDefault(uid)?.State ?? "";
            string to = after.Instances.GetValueOrDefault(uid)?.State ?? "";
            if (!LegalStates.MayFollow(from, to))
                yield return $"Instance {Name(before, after, uid)} went from {Word(from)} to {Word(to)}.";
        }

        foreach (SeenInstance instance in after.Instances.Values)
        {
            string[] running = [.. after.Running.Where(operation => operation.Target == instance.Uid).Select(operation => operation.Kind)];
            if (running.Length > 1)
                yield return $"On {instance.Name} run {string.Join(" and ", running)} at the same time.";
            if (!LegalStates.BelongTogether(instance.State, running.FirstOrDefault()))
                yield return $"{instance.Name} is {instance.State} while {running.FirstOrDefault() ?? "nothing"} runs on it.";
            if (instance.Provisioning != Provisioning(instance))
                yield return $"{instance.Name} is {instance.State} and its provisioningState {instance.Provisioning}.";
        }

        foreach (IGrouping<string, SeenInstance> same in after.Instances.Values.GroupBy(instance => $"{instance.Location}/{instance.Name.ToLowerInvariant()}").Where(same => same.Count() > 1))
            yield return $"The name {same.Key} exists {same.Count()} times.";
        foreach (string location in after.Instances.Values.Select(instance => instance.Location).Distinct().Where(location => after.Cores(location) > after.Limit(location)))
            yield return $"{after.Cores(location)} cores are in use in {location}, and its limit is {after.Limit(location)}.";
        foreach (SeenInstance instance in after.Instances.Values)
        {
            int held = Held(before.Instances.GetValueOrDefault(instance.Uid), instance);
            if (instance.Cores != held)
                yield return $"{instance.Name} is {instance.State} and holds {instance.Cores} cores, not {held}.";
        }

        foreach (string fault in GroupFaults(before, after))
            yield return fault;
        foreach (SeenOperation ended in Ended(before, after).Where(ended => ended.Status == "Succeeded"))
        {
            if (EndFault(after, ended) is { } fault)
                yield return fault;
        }

        foreach ((string id, SeenOperation was) in before.Operations)
        {
            if (was.Status != "InProgress" && after.Operations.TryGetValue(id, out SeenOperation? now) && now.Status != was.Status)
                yield return $"A {was.Kind} that was {was.Status} is {now.Status}.";
            if (was.Status == "InProgress" && !after.Operations.ContainsKey(id))
                yield return $"A {was.Kind} was forgotten while it ran.";
        }
    }

    /// <summary>Whether a stopped instance gets the cores again that it gave back.</summary>
    internal static bool FitsAgain(Snapshot world, SeenInstance instance) =>
        !instance.Releases || world.HasPlace(instance.Location, CallRules.CoresOf(instance.Size), instance.Cores);

    // Nominal cores, from creation to deletion; those that were made that way give them back when they have stopped, and take them again at a start
    // (contract 10.2).
    private static int Held(SeenInstance? before, SeenInstance now) => now switch
    {
        { Releases: false } => CallRules.CoresOf(now.Size),
        { State: "Stopped" } => 0,
        // On the way out, or through a reimage of what is stopped, nothing changes.
        { State: "Stopping" or "Deleting" } when before is not null => before.Cores,
        _ => CallRules.CoresOf(now.Size),
    };

    private static IEnumerable<string> GroupFaults(Snapshot before, Snapshot after)
    {
        foreach (SeenWorkspace workspace in after.Workspaces.Values)
        {
            if (!after.Groups.ContainsKey(workspace.Group))
                yield return $"The workspace {workspace.Name} has outlived its resource group.";
            bool isNew = !before.Workspaces.ContainsKey(workspace.Uid);
            if (before.Groups.GetValueOrDefault(workspace.Group) == "Deleting" && (isNew || workspace.State != "Deleting"))
                yield return $"The workspace {workspace.Name} is {workspace.State} while its resource group is being deleted.";
        }

        foreach (SeenInstance made in after.Instances.Values.Where(made => !before.Instances.ContainsKey(made.Uid)))
        {
            if (before.Workspaces.Values.SingleOrDefault(workspace => workspace.Name == made.Workspace) is not { State: "Succeeded" })
                yield return $"{made.Name} was put into a workspace that goes.";
        }
    }

    /// <summary>Operations that a change ended, or that were complete when they were recorded.</summary>
    internal static IEnumerable<SeenOperation> Ended(Snapshot before, Snapshot after) => after.Operations.Values.Where(operation =>
        operation.Status != "InProgress" && before.Operations.GetValueOrDefault(operation.Id)?.Status is null or "InProgress");

    // Succeeded means that the end state is reached and visible (contract 1.6, 1.T25).
    private static string? EndFault(Snapshot after, SeenOperation ended)
    {
        string state = after.Instances.GetValueOrDefault(ended.Target)?.State ?? "gone";
        string[] expected = ended.Kind switch
        {
            "Create" or "Restart" or "Recover" => ["Running", "UserSetupFailed"],
            // Recorded as complete where there was nothing to do.
            "Start" => ["Running", "JobRunning", "UserSetupFailed"],
            "Stop" => ["Stopped"],
            "Reimage" => ["Running", "Stopped"],
            "Delete" => ["gone"],
            _ => [state],
        };
        return expected.Contains(state) ? null : $"A {ended.Kind} succeeded and its instance is {state}.";
    }

    private static string Provisioning(SeenInstance instance) => instance.State switch
    {
        "Creating" => "Creating",
        "Deleting" => "Deleting",
        "CreateFailed" => "Failed",
        // During a creation, or after one whose set-up failed, it says what became of the creation.
        "SettingUp" or "UserSettingUp" => instance.Provisioning is "Creating" or "Succeeded" or "Failed" ? instance.Provisioning : "Creating, Succeeded or Failed",
        _ => instance.Provisioning is "Succeeded" or "Failed" ? instance.Provisioning : "Succeeded or Failed",
    };

    private static string Word(string state) => state.Length == 0 ? "nothing" : state;

    private static string Name(Snapshot before, Snapshot after, string uid) => (before.Instances.GetValueOrDefault(uid) ?? after.Instances[uid]).Name;
}
