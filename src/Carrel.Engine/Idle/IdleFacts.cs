using Carrel.Engine.Operations;
using Carrel.Engine.Storage;
using Carrel.Instances.Idle;
using Carrel.Instances.Resources;
using NodaTime;

namespace Carrel.Engine.Idle;

/// <summary>Everything about one instance that the idle rule needs and the store knows, read at one moment.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="WorkspaceId">Resource id of its workspace.</param>
/// <param name="Settings">What is asked.</param>
/// <param name="Kept">Its clock and its keep-awake.</param>
/// <param name="Running">The operation that is going on for it, or null.</param>
internal sealed record IdleFacts(ComputeInstance Instance, string WorkspaceId, IdleSettings Settings, IdleRecord Kept, Operation? Running)
{
    /// <summary>Reads them; null when the instance is gone.</summary>
    internal static IdleFacts? Read(IEngineView view, Guid instanceUid, IdleOptions options)
    {
        if (view.FindInstance(instanceUid) is not { } instance || view.FindWorkspace(instance.WorkspaceUid) is not { } workspace)
            return null;
        var settings = new IdleSettings(instance.Model.IdleMinutes, OptionalSignalReading.Of(workspace), options.NoticeMinutes);
        return new IdleFacts(instance, workspace.Address.ResourceId, settings, view.FindIdle(instanceUid), view.FindRunningOperation(instanceUid));
    }

    /// <summary>The rule's input.</summary>
    /// <param name="seen">What this server knows of the samples before, or null.</param>
    /// <param name="sample">The sample, or null when the agent was not heard.</param>
    /// <param name="identity">What the role assignments say.</param>
    /// <param name="now">The time of the decision.</param>
    internal IdleInput Input(IdleClock? seen, ActivitySample? sample, IdentityStanding identity, Instant now) => new(
        Settings, ClockAt(seen, now), Instance.State.State, Running is not null, Kept.KeepAwakeUntil, identity, sample, now);

    /// <summary>Principals of its managed identities.</summary>
    internal IEnumerable<Guid> Identities =>
    [
        .. Instance.State.SystemIdentityPrincipalId is { } system ? [system] : (Guid[])[],
        .. (Instance.State.UserIdentities ?? new Dictionary<string, UserAssignedIdentityIds>()).Values.Select(identity => identity.PrincipalId),
    ];

    /// <summary>What its identities may do, as the role assignments say now (contract 4.4).</summary>
    internal async Task<IdentityStanding> IdentityAsync(IContributorRights rights, CancellationToken cancellation)
    {
        Guid[] identities = [.. Identities];
        foreach (Guid identity in identities)
        {
            if (await rights.IsContributorAsync(identity, WorkspaceId, cancellation))
                return IdentityStanding.Sufficient;
        }

        return identities.Length == 0 ? IdentityStanding.Sufficient : IdentityStanding.Insufficient;
    }

    // The store has what has to outlive the server; what each sample changes is only remembered.
    private IdleClock ClockAt(IdleClock? seen, Instant now)
    {
        if (Kept.Clock is not { } stored)
            return IdleClock.Started(now);
        return seen is not null && seen.RunningSince == stored.RunningSince
            ? stored with { SeenAt = seen.SeenAt, Silent = seen.Silent, Active = seen.Active }
            : stored.ControlPlaneReturned(now);
    }
}
