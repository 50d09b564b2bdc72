using System.Text.Json;
using Carrel.Engine.Events;
using Carrel.Engine.Idle;
using Carrel.Engine.Machines;
using Carrel.Engine.Operations;
using Carrel.Engine.Quota;
using Carrel.Engine.SecureShell;
using Carrel.Engine.Storage;
using Carrel.Instances.Hosting;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Naming;
using Carrel.Instances.Resources;
using Carrel.Instances.Sizes;
using Carrel.Instances.Specs;
using NodaTime;

namespace Carrel.Engine.Commands;

/// <summary>What a PUT led to.</summary>
/// <param name="Instance">The instance as it is now.</param>
/// <param name="Operation">The operation clients poll.</param>
/// <param name="IsNew">True when it did not exist before.</param>
/// <param name="NotApplied">Names of members that were accepted and not applied; the answer warns of them.</param>
public sealed record InstanceWriteOutcome(ComputeInstance Instance, Operation Operation, bool IsNew, IReadOnlyList<string> NotApplied)
{
    /// <summary>Ids of user-assigned identities that were not there and were made; the answer warns of them.</summary>
    public IReadOnlyList<string> MadeIdentities { get; init; } = [];

    /// <summary>A sentence about what was accepted and may surprise, or null; the answer warns with it.</summary>
    public string? Notice { get; init; }

    /// <summary>What the size asks for and the host has, when that is less; null when it fits. The answer warns of it.</summary>
    public string? Capped { get; init; }
}

/// <summary>Creation and update of an instance (contract 1.6): everything is checked and recorded in one transaction.</summary>
public sealed class InstanceWrites(
    IEngineStore store, VmSizeCatalogue sizes, QuotaLedger quota, HostFacts facts, EngineOptions options, OperationSignal signal, SettingEffects effects, SecureShellPorts sshPorts, TimeProvider time)
{
    /// <summary>Creates or updates an instance.</summary>
    /// <param name="address">Its address; the workspace exists.</param>
    /// <param name="body">The request's JSON object.</param>
    /// <param name="findAssignee">Looks somebody else than the caller up in the directory, by object id.</param>
    /// <param name="context">Who asks.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="RefusedException">Something is wrong with it; nothing happened.</exception>
    public async Task<InstanceWriteOutcome> CreateOrUpdateAsync(
        InstanceAddress address, JsonElement body, Func<Guid, Task<Assignee>> findAssignee, CommandContext context, CancellationToken cancellation)
    {
        SpecReading reading = ComputeInstanceSpecReader.Read(body);
        Assignee assignee = new(context.Caller.Name);
        if (Guid.TryParse(reading.Spec?.AssignedUser?.ObjectId, out Guid assigned) && assigned != context.Caller.ObjectId)
            assignee = await findAssignee(assigned);
        IReadOnlySet<string> identities = await InstanceIdentities.MayMakeAsync(store, reading.Spec?.Identity, address, context, cancellation);
        InstanceWriteOutcome outcome = await store.WriteAsync(
            transaction => Write(transaction, address, reading, assignee, identities, context), cancellation);
        signal.Raise();
        return assignee.Name is null && outcome.Operation.Kind is OperationKind.Create or OperationKind.CreateStopped
            ? outcome with { Notice = Unknown(assigned) }
            : outcome;
    }

    // The published examples say all zeros, so it is taken; but it is nobody's id and never will be.
    private static string Unknown(Guid assigned) => assigned == Guid.Empty
        ? "all zeros are nobody's object id: nobody can open this instance, so delete it and make it for a person, or without 'assignedUser' for yourself"
        : $"nobody here has the object id {assigned:D} yet: the instance is theirs once they have signed in";

    private InstanceWriteOutcome Write(
        IEngineTransaction transaction, InstanceAddress address, SpecReading reading, Assignee assignee, IReadOnlySet<string> identities, CommandContext context)
    {
        Workspace workspace = transaction.FindWorkspace(new WorkspaceAddress(address.SubscriptionId, address.ResourceGroup, address.Workspace)) is { Deleting: false } found
            ? found
            : throw new RefusedException(RefusalKind.NotFound, "ParentResourceNotFound", $"The workspace '{address.Workspace}' was not found or is being deleted.");
        if (reading.Spec is not { } spec || reading.Findings.Count > 0)
            throw new RefusedException(RefusalKind.Invalid, reading.Findings);
        if (ComputeName.Check(address.Name) is { IsValid: false } name)
            throw new RefusedException(RefusalKind.Invalid, "InvalidComputeName", name.Reason!, "name");
        ComputeInstance? stored = transaction.FindInstance(address);
        context.RequireCondition(stored is null ? null : EntityTag.Of(stored), address.ResourceId);
        var validation = new ValidationContext(
            sizes, workspace.Location, WorkspaceReading.Facts(workspace), Now(), context.Caller.TenantId, context.Caller.ObjectId, address.SubscriptionId, address.ResourceGroup)
        {
            AssigneeKind = assignee.OtherKind,
            SubnetLocation = subnet => transaction.ListInstancesInSubnet(subnet) is [var user, ..] ? user.Location : null,
        };
        string ownerName = assignee.Name ?? spec.AssignedUser!.ObjectId!;
        return stored switch
        {
            null => Create(transaction, address, workspace, spec, validation, ownerName, identities, context),
            { State.State: InstanceState.CreateFailed } failed => Retry(transaction, failed, workspace, spec, validation, ownerName, identities, context),
            { } existing => Update(transaction, existing, spec, validation, identities, context),
        };
    }

    private InstanceWriteOutcome Create(
        IEngineTransaction transaction,
        InstanceAddress address,
        Workspace workspace,
        ComputeInstanceSpec spec,
        ValidationContext validation,
        string ownerName,
        IReadOnlySet<string> identities,
        CommandContext context)
    {
        (ComputeInstanceModel model, IReadOnlyList<string> notApplied) = Validated(spec, validation);
        RequireSubnet(model, context);
        if (transaction.FindInstance(workspace.Location, address.Name) is not null)
            throw new RefusedException(RefusalKind.Conflict, "ComputeNameAlreadyInUse", $"A compute named '{address.Name}' exists already. Names of computes are unique in the region '{workspace.Location}', over all workspaces: choose another name.", "name");
        VmSize size = sizes.Find(model.VmSize)!;
        string? capped = RequireCapacity(size);
        quota.Require(transaction, workspace, size, isNew: true);
        Guid owner = model.AssignedUser?.ObjectId ?? context.Caller.ObjectId;
        Instant now = Now();
        var instance = new ComputeInstance(
            Guid.NewGuid(),
            workspace.Uid,
            new InstanceAddress(workspace.Address.SubscriptionId, workspace.Address.ResourceGroup, workspace.Address.Name, address.Name),
            workspace.Location,
            model,
            new ComputeInstanceState(InstanceState.Creating, ProvisioningState.Creating) { CreationScriptPending = ScriptWaits(model) },
            context.Caller,
            now,
            context.Caller,
            now,
            owner,
            ClaimAlias(transaction, workspace.Uid, owner, ownerName),
            Version: 1);
        (ComputeInstanceState state, IReadOnlyList<string> made) = InstanceIdentities.Settle(transaction, instance, model, identities, context, now);
        instance = instance with { State = state };
        transaction.Insert(instance, size.Family, size.VCpus);
        sshPorts.Give(transaction, instance.Uid, model);
        Operation operation = OperationStart.Begin(
            transaction, instance, KindOf(model), OperationTrigger.User, context, now, notApplied, capped);
        return new InstanceWriteOutcome(transaction.FindInstance(instance.Uid)!, operation, IsNew: true, notApplied) { Capped = capped, MadeIdentities = made };
    }

    // In CreateFailed the body is a creation with the same name (contract 1.4, 1.6).
    private InstanceWriteOutcome Retry(
        IEngineTransaction transaction, ComputeInstance failed, Workspace workspace, ComputeInstanceSpec spec, ValidationContext validation, string ownerName, IReadOnlySet<string> identities, CommandContext context)
    {
        (ComputeInstanceModel model, IReadOnlyList<string> notApplied) = Validated(spec, validation);
        RequireSubnet(model, context);
        VmSize size = sizes.Find(model.VmSize)!;
        string? capped = RequireCapacity(size);
        transaction.Release(failed.Uid);
        quota.Require(transaction, workspace, size, isNew: false);
        transaction.Hold(failed.Uid, size.Family, size.VCpus);
        sshPorts.Give(transaction, failed.Uid, model);
        Instant now = Now();
        // Whoever created it stays its creator; for whom it is, the new body says.
        Guid owner = model.AssignedUser?.ObjectId ?? failed.CreatedBy.ObjectId;
        ComputeInstance clean = failed with { State = failed.State with { Errors = null, ProvisioningErrors = null, CreationScriptPending = ScriptWaits(model) } };
        (ComputeInstanceState state, IReadOnlyList<string> made) = InstanceIdentities.Settle(transaction, clean, model, identities, context, now);
        ComputeInstance again = failed with
        {
            Model = model,
            Owner = owner,
            OwnerAlias = ClaimAlias(transaction, failed.WorkspaceUid, owner, model.AssignedUser is null ? failed.CreatedBy.Name : ownerName),
            ModifiedBy = context.Caller,
            ModifiedOn = now,
            State = state,
        };
        Operation operation = OperationStart.Begin(
            transaction, again, KindOf(model), OperationTrigger.User, context, now, notApplied, capped);
        return new InstanceWriteOutcome(transaction.FindInstance(failed.Uid)!, operation, IsNew: false, notApplied) { Capped = capped, MadeIdentities = made };
    }

    private InstanceWriteOutcome Update(
        IEngineTransaction transaction, ComputeInstance existing, ComputeInstanceSpec spec, ValidationContext validation, IReadOnlySet<string> identities, CommandContext context)
    {
        UpdateDecision decision = UpdateRules.Decide(existing.Model, spec, validation with { Owner = existing.Owner });
        if (decision.Conflicts.Count > 0)
            throw new RefusedException(RefusalKind.Conflict, decision.Conflicts);
        if (decision.Findings.Count > 0 || decision.Model is not { } model)
            throw new RefusedException(RefusalKind.Invalid, decision.Findings);
        // What is wrong with a body is said before what is wrong with the moment (contract 1.7).
        LifecycleDecision legal = LifecycleRules.Decide(InstanceCall.Update, existing.State.State);
        if (legal.Outcome == LifecycleOutcome.Conflict)
            throw new RefusedException(RefusalKind.Conflict, "ComputeOperationConflict", legal.Reason, existing.Address.ResourceId);
        Instant now = Now();
        IReadOnlyList<string> made = [];
        if (decision.Changed)
        {
            (ComputeInstanceState state, made) = InstanceIdentities.Settle(transaction, existing, model, identities, context, now);
            transaction.Update(existing with
            {
                Model = model,
                ModifiedBy = context.Caller,
                ModifiedOn = now,
                State = state,
            });
            effects.Follow(transaction, existing.Uid, existing.Model, model, context.Caller.Name);
        }

        (string? detail, EventLevel level) = ChangeText.Of(ChangedMembers.Between(existing.Model, model), decision.NotApplied);
        Operation operation = OperationStart.RecordComplete(transaction, existing, OperationKind.Update, context, now, detail, level);
        return new InstanceWriteOutcome(transaction.FindInstance(existing.Uid)!, operation, IsNew: false, decision.NotApplied) { MadeIdentities = made };
    }

    private static (ComputeInstanceModel Model, IReadOnlyList<string> NotApplied) Validated(ComputeInstanceSpec spec, ValidationContext validation)
    {
        ModelDecision decision = ComputeInstanceValidator.Validate(spec, validation);
        return decision.Model is { } model ? (model, decision.NotApplied) : throw new RefusedException(RefusalKind.Invalid, decision.Findings);
    }

    private static OperationKind KindOf(ComputeInstanceModel model) => model.ProvisionStopped ? OperationKind.CreateStopped : OperationKind.Create;

    private static bool ScriptWaits(ComputeInstanceModel model) => model is { ProvisionStopped: true, CreationScript: not null };

    private static void RequireSubnet(ComputeInstanceModel model, CommandContext context)
    {
        if (model.SubnetId is { } subnet)
            context.Linked?.Require(subnet);
    }

    private static string ClaimAlias(IEngineTransaction transaction, Guid workspaceUid, Guid owner, string ownerName) =>
        transaction.ClaimAlias(workspaceUid, owner, OwnerAlias.Candidates(ownerName, owner));

    // What a host that has not answered yet lacks shows when the machine is made.
    private string? RequireCapacity(VmSize size)
    {
        string? shortfall = facts.Capacity is { } host ? CapacityRules.Shortfall(size.Name, size.VCpus, size.MemoryBytes, host) : null;
        return shortfall is null || options.Capacity == CapacityPolicy.Overcommit
            ? shortfall
            : throw new RefusedException(
                RefusalKind.Invalid, FindingCodes.VmSizeNotSupported, $"{shortfall} Choose a smaller size, or let the operator set CARREL_CAPACITY=overcommit.", "properties.properties.vmSize");
    }

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());
}
