using Carrel.AgentProtocol;
using Carrel.Engine.Agents;
using Carrel.Engine.Operations;
using Carrel.Engine.Storage;
using Carrel.Instances.Idle;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Carrel.Engine.Idle;

/// <summary>Looks into running machines, asks the idle rule, and lets what it decides be recorded and done.</summary>
internal sealed partial class IdleWatch(
    IEngineStore store,
    AgentPool agents,
    IContributorRights rights,
    IdleActs acts,
    IdleBoard board,
    EngineOptions options,
    OperationSignal signal,
    ActivityClock clock,
    ILogger<IdleWatch> logger)
{
    /// <summary>Looks into every running machine, many at a time.</summary>
    internal async Task RoundAsync(CancellationToken cancellation)
    {
        IReadOnlyList<ComputeInstance> instances = await store.ReadAsync(view => view.ListInstances(), cancellation);
        ComputeInstance[] up = [.. instances.Where(IsUp)];
        board.KeepOnly(up.Select(instance => instance.Uid).ToHashSet());
        await EachAsync(up, cancellation);
    }

    /// <summary>Looks into some machines, because something is due with them.</summary>
    internal async Task LookAsync(IReadOnlyList<Guid> uids, CancellationToken cancellation)
    {
        IReadOnlyList<ComputeInstance?> found = await store.ReadAsync(view => uids.Select(view.FindReadableInstance).ToList(), cancellation);
        ComputeInstance[] up = [.. found.OfType<ComputeInstance>().Where(IsUp)];
        board.Forget(uids.Except(up.Select(instance => instance.Uid)));
        await EachAsync(up, cancellation);
    }

    private static bool IsUp(ComputeInstance instance) => instance.State.State is InstanceState.Running or InstanceState.JobRunning or InstanceState.Unknown;

    private Task EachAsync(ComputeInstance[] instances, CancellationToken cancellation)
    {
        var many = new ParallelOptions { MaxDegreeOfParallelism = options.Idle.AskedAtOnce, CancellationToken = cancellation };
        return Parallel.ForEachAsync(instances, many, async (instance, stopping) => await TryLookAsync(instance, stopping));
    }

    // One bad machine must not take the others' turn.
    private async Task TryLookAsync(ComputeInstance instance, CancellationToken cancellation)
    {
        try
        {
            await LookAsync(instance, cancellation);
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            // What is due with it stays due: without this it would be looked into again at once, and again, while the disk is full, say.
            board.Forget([instance.Uid]);
            LogFault(fault, instance.Address.ResourceId);
        }
    }

    private async Task LookAsync(ComputeInstance instance, CancellationToken cancellation)
    {
        IdleClock? seen = board.Find(instance.Uid)?.Decision.Clock;
        ActivitySample? sample = await SampleAsync(instance, cancellation);
        Instant now = sample?.At ?? clock.Now;
        if (await store.ReadAsync(view => IdleFacts.Read(view, instance.Uid, options.Idle), cancellation) is not { } facts)
        {
            board.Forget([instance.Uid]);
            return;
        }

        var identity = IdentityStanding.Sufficient;
        IdleInput input = facts.Input(seen, sample, identity, now);
        IdleDecision decision = IdleRule.Decide(input);
        if (decision.NoticeAt <= now || decision.Acts)
        {
            identity = await facts.IdentityAsync(rights, cancellation);
            input = facts.Input(seen, sample, identity, now);
            decision = IdleRule.Decide(input);
        }

        if (decision.Acts || IsNews(instance.Uid, facts, decision))
            await RecordAsync(instance, facts => facts.Input(seen, sample, identity, now), cancellation);
        else
            board.Put(instance.Uid, input, decision);
    }

    // What each sample moves is only remembered; what has to outlive the server, or says something new, is stored.
    private bool IsNews(Guid uid, IdleFacts facts, IdleDecision decision)
    {
        if (decision.Kind == IdleDecisionKind.NotApplicable)
            return false;
        IdleClock? stored = facts.Kept.Clock;
        return stored is null
            || board.Find(uid)?.Decision.Signature != decision.Signature
            || stored with { SeenAt = null, Silent = 0, Active = [] } != decision.Clock with { SeenAt = null, Silent = 0, Active = [] };
    }

    private async Task RecordAsync(ComputeInstance instance, Func<IdleFacts, IdleInput> inputOf, CancellationToken cancellation)
    {
        if (await store.WriteAsync(transaction => acts.Apply(transaction, instance.Uid, inputOf), cancellation) is not { } look)
        {
            board.Forget([instance.Uid]);
            return;
        }

        board.Put(instance.Uid, look.Input, look.Decision);
        if (!look.Decision.Acts && look.Decision.Kind != IdleDecisionKind.Skipped)
            return;
        LogDecision(look.Decision.Kind, instance.Address.ResourceId, look.Decision.Reason);
        signal.Raise();
    }

    private async Task<ActivitySample?> SampleAsync(ComputeInstance instance, CancellationToken cancellation)
    {
        try
        {
            IAgent agent = await agents.GetAsync(instance, cancellation);
            MachineActivity said = await agent.ActivityAsync(cancellation);
            ActivitySample sample = SampleReading.Of(said, clock.Now, clock);
            foreach (string editor in ActivityReading.ExpiredEditors(sample))
                await EndEditorAsync(agent, instance, editor, cancellation);
            return sample;
        }
        catch (Exception fault) when (fault is AgentUnreachableException or AgentProtocolException)
        {
            await agents.DropAsync(instance.Uid);
            return null;
        }
    }

    // It does not count any more, whether it can be ended now or with the next sample.
    private async Task EndEditorAsync(IAgent agent, ComputeInstance instance, string editor, CancellationToken cancellation)
    {
        try
        {
            await agent.EndEditorAsync(editor, cancellation);
            LogEditorEnded(instance.Address.ResourceId);
        }
        catch (AgentProtocolException refused)
        {
            LogEditorKept(instance.Address.ResourceId, refused.Message);
        }
    }

    [LoggerMessage(1131, LogLevel.Information, "Idle rule, {Kind}: {Target}: {Reason}")]
    private partial void LogDecision(IdleDecisionKind kind, string target, string reason);

    [LoggerMessage(1132, LogLevel.Error, "Looking into {Target} failed and is repeated")]
    private partial void LogFault(Exception fault, string target);

    [LoggerMessage(1133, LogLevel.Information, "{Target}: a connection of VS Code without activity for 3 hours was ended")]
    private partial void LogEditorEnded(string target);

    [LoggerMessage(1134, LogLevel.Warning, "{Target}: a connection of VS Code could not be ended: {Message}")]
    private partial void LogEditorKept(string target, string message);
}
