using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Carrel.Instances.Hosting;
using Carrel.Simulation.Tests.Checks;
using Carrel.Simulation.Tests.Steps;
using Carrel.Simulation.Tests.World;
using Carrel.TestKit.Engines;

namespace Carrel.Simulation.Tests;

/// <summary>Runs one sequence in a fresh world and says what was wrong first.</summary>
internal sealed class SequenceRun
{
    private const int MostRounds = 400;
    private const int MostTries = 60;
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentBag<string> _created = [];
    private readonly SimulatedWorld _world;
    private readonly bool _calm;

    private SequenceRun(SimulatedWorld world, bool calm) => (_world, _calm) = (world, calm);

    /// <summary>Runs a sequence.</summary>
    /// <param name="steps">The sequence.</param>
    /// <param name="states">Gets every state that was seen.</param>
    /// <returns>What was wrong, or null.</returns>
    internal static async Task<string?> RunAsync(IReadOnlyList<Step> steps, ISet<string>? states = null)
    {
        await using SimulatedWorld world = await SimulatedWorld.StartAsync();
        var run = new SequenceRun(world, !steps.SelectMany(step => step.Moves).Any(move => move.IsFailure));
        string? fault = null;
        for (int number = 0; number < steps.Count && fault is null; number++)
        {
            fault = await run.StepAsync(steps[number]);
            if (fault is not null)
                fault = $"after step {number + 1}, '{steps[number]}': {fault}";
        }

        fault ??= await run.EndAsync();
        if (states is not null)
        {
            lock (states)
                states.UnionWith(world.History.Between(0, int.MaxValue - 1).SelectMany(seen => seen.Instances.Values).Select(instance => instance.State));
        }

        return fault;
    }

    private async Task<string?> StepAsync(Step step)
    {
        int before = _world.History.Position;
        _created.Clear();
        string?[] faults = await Task.WhenAll(step.Moves.Select(MoveAsync));
        await _world.SettleAsync();
        return faults.FirstOrDefault(fault => fault is not null)
            ?? _world.History.FirstFault
            ?? TwinFault(before)
            ?? await ListingRules.FaultAsync(_world, SimulatedWorld.Workspaces.Any(known => known.Workspace == step.Moves[0].Workspace) ? step.Moves[0].Workspace : "lab");
    }

    // Of several creations at once, each that was answered 201 has made an instance of its own, and no other has (1.T17).
    private string? TwinFault(int before)
    {
        IReadOnlyList<Snapshot> window = _world.History.Between(before, _world.History.Position);
        int made = window.SelectMany(world => world.Instances.Keys).Except(window[0].Instances.Keys).Distinct().Count();
        return made == _created.Count ? null : $"{_created.Count} creations were answered 201, {made} instances were made.";
    }

    private Task<string?> MoveAsync(Move move) => move.Verb switch
    {
        _ when Requests.IsCall(move.Verb) => CallAsync(move),
        "dismiss" or "snooze" => AnswerNoticeAsync(move),
        "poll" => PollAsync(move.Number),
        _ => HappenAsync(move),
    };

    private async Task<string?> CallAsync(Move move)
    {
        int first = _world.History.Committed;
        (string method, string path, string? body) = Requests.Of(move);
        WireAnswer answer = await _world.SendAsync(method, path, body);
        if (answer.Headers.TryGetValue("Azure-AsyncOperation", out string? operation))
        {
            lock (_world.Operations)
                _world.Operations.Add(operation[SimulatedWorld.PublicUrl.Length..]);
        }

        if (Requests.Creates(move.Verb) && answer.Status == 201)
            _created.Add(move.Target);
        return CallRules.Fault(move, answer, _world.History.Between(first, _world.History.Position));
    }

    // Answers the first notice of an instance that is open, or the last one that is not.
    private async Task<string?> AnswerNoticeAsync(Move move)
    {
        string notices = $"{SimulatedWorld.Workspace(move.Workspace)}/computes/{move.Instance}/scheduledEvents";
        WireAnswer list = await _world.SendAsync("GET", notices);
        if (list.Status != 200 || list.Body["value"]!.AsArray() is not { Count: > 0 } rows)
            return null;
        JsonNode row = rows.FirstOrDefault(row => row!["properties"]!["state"]!.GetValue<string>() is "Pending" or "Snoozed") ?? rows[0]!;
        string id = row["name"]!.GetValue<string>();
        int first = _world.History.Committed;
        WireAnswer answer = await _world.SendAsync("POST", $"{notices}/{id}/{move.Verb}", move.Verb == "snooze" ? $$"""{"minutes":{{move.Number}}}""" : null);
        return NoticeRules.Fault(move, id, answer, _world.History.Between(first, _world.History.Position), _world.Time.GetUtcNow());
    }

    private async Task<string?> PollAsync(int number)
    {
        string[] operations;
        lock (_world.Operations)
            operations = [.. _world.Operations];
        if (operations.Length == 0)
            return null;
        string path = operations[number % operations.Length];
        WireAnswer status = await _world.SendAsync("GET", path);
        if (status.Status != 200)
            return $"The status of an accepted operation was answered {status.Status}: {status.Text}";
        string word = status.Body["status"]!.GetValue<string>();
        return word is "InProgress" or "Succeeded" or "Failed" or "Canceled" ? null : $"The status of an operation is '{word}'.";
    }

    private async Task<string?> HappenAsync(Move move)
    {
        switch (move.Verb)
        {
            case "hold":
                _world.Holding = true;
                _world.Server.Host.Hold();
                break;
            case "open":
                _world.Holding = false;
                _world.Server.Host.Open();
                break;
            case "pass" or "silent" or "lost" or "refuse" or "half":
                LetGo(move.Number, Enum.Parse<Passage>(move.Verb, ignoreCase: true));
                break;
            case "wait":
                await _world.WaitAsync(TimeSpan.FromSeconds(move.Number));
                break;
            // The whole machine was suspended: no clock ran meanwhile.
            case "jump":
                _world.Time.Advance(TimeSpan.FromSeconds(move.Number));
                break;
            case "crash" or "off":
                await _world.CrashAsync(TimeSpan.FromSeconds(move.Number));
                break;
            case "work":
                _world.Activity.Work();
                break;
            case "rest":
                _world.Activity.Rest();
                break;
            case "hostdown" or "hostup":
                _world.Home.Machines.Available = move.Verb == "hostup";
                break;
            case "enginerestart":
                _world.Home.Machines.Restart();
                break;
            case "agentsdown" or "agentsup":
                _world.Home.Agents.Reachable = move.Verb == "agentsup";
                break;
            case "notready" or "ready":
                _world.Home.Agents.Ready = move.Verb == "ready";
                break;
            case "die" or "vanish":
                await LoseAsync(move);
                break;
            default:
                throw new ArgumentException($"No such step: {move}");
        }

        return null;
    }

    private void LetGo(int number, Passage how)
    {
        Snapshot now = _world.History.Now;
        SteppedHost.Held[] waiting = [.. _world.Server.Host.Waiting.OrderBy(
            call => now.Instances.GetValueOrDefault(call.Machine.ToString("D")) is { } instance ? $"{instance.Workspace}/{instance.Name}" : "~" + call.Machine, StringComparer.Ordinal)];
        if (waiting.Length > 0)
            waiting[number % waiting.Length].Go(how);
    }

    private async Task LoseAsync(Move move)
    {
        if (!_world.Home.Machines.Available || _world.History.Now.Find(move.Workspace, move.Instance) is not { } instance)
            return;
        var uid = Guid.Parse(instance.Uid);
        MachineStatus? machine = await _world.Server.Host.InspectMachineAsync(uid, default);
        if (move.Verb == "die" && machine?.Phase == MachinePhase.Running)
            _world.Home.Machines.EndByItself(uid, _world.Time.GetUtcNow());
        else if (move.Verb == "vanish" && machine is not null)
            await new Carrel.TestKit.Hosting.InMemoryInstanceHost(_world.Home.Installation, _world.Home.Machines, _world.Time).DeleteMachineAsync(uid, default);
    }

    private async Task<string?> EndAsync()
    {
        _world.Holding = false;
        _world.Server.Host.Open();
        _world.Home.Machines.Available = true;
        (_world.Home.Agents.Reachable, _world.Home.Agents.Ready) = (true, true);
        _world.Activity.Rest();
        DateTimeOffset since = _world.Time.GetUtcNow();
        return await QuietAsync(since) ?? await IdleAsync(since) ?? await RemoveAllAsync();
    }

    // What is left alone long enough has to be stopped, where somebody asked for that.
    private async Task<string?> IdleAsync(DateTimeOffset since)
    {
        if (_world.History.Now.Instances.Values.All(instance => instance.State != "Running" || instance.IdleMinutes is null or > QuietRules.MostIdleMinutes))
            return null;
        await _world.WaitAsync(TimeSpan.FromMinutes(QuietRules.MostIdleMinutes));
        return await QuietAsync(since);
    }

    private async Task<string?> QuietAsync(DateTimeOffset since)
    {
        // Until nothing runs; then long enough for the reconciler and three heartbeats; and what those began has to end too.
        for (int rounds = 0, calmRounds = 0; calmRounds < 10 && rounds < MostRounds; rounds++)
        {
            await _world.WaitAsync(TimeSpan.FromSeconds(20));
            calmRounds = _world.History.Now.Running.Any() ? 0 : calmRounds + 1;
        }

        // On a busy machine the virtual clock runs ahead of the threads: only what stays wrong is wrong.
        string? fault = await QuietFaultAsync(since);
        for (int tries = 0; fault is not null && tries < MostTries; tries++)
        {
            await Task.Delay(Breath);
            await _world.WaitAsync(TimeSpan.FromSeconds(30));
            fault = await QuietFaultAsync(since);
        }

        return _world.History.FirstFault ?? fault;
    }

    private async Task<string?> QuietFaultAsync(DateTimeOffset since) => await QuietRules.FaultAsync(_world, _calm, since) ?? await ListingRules.FaultAsync(_world, "lab");

    private async Task<string?> RemoveAllAsync()
    {
        // The last group goes with everything that is in it.
        SeenInstance[] alone = [.. _world.History.Now.Instances.Values.Where(instance => SimulatedWorld.GroupOf(instance.Workspace) == "team")];
        foreach (SeenInstance instance in alone)
        {
            if (await CallAsync(new Move("delete", $"{instance.Workspace}/{instance.Name}")) is { } fault)
                return fault;
        }

        foreach (SeenWorkspace workspace in _world.History.Now.Workspaces.Values.Where(workspace => workspace.Group == "team"))
            await CallAsync(new Move("dropworkspace", workspace.Name));
        if (await CallAsync(new Move("dropgroup", "crew")) is { } refused)
            return refused;
        if (await QuietAsync(_world.Time.GetUtcNow()) is { } late)
            return "when everything was to be removed: " + late;
        Snapshot left = _world.History.Now;
        int machines = (await _world.Server.Host.ListMachinesAsync(default)).Count + (await _world.Server.Host.ListNetworksAsync(default)).Count;
        return left.Instances.Count + left.Workspaces.Count + machines == 0 && !left.Groups.ContainsKey("crew") ? null : $"Not everything could be removed: {left}, {left.Workspaces.Count} workspaces, {left.Groups.Count} resource groups, {machines} objects on the host.";
    }
}
