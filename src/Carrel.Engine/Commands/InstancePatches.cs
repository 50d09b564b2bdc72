using System.Text.Json;
using Carrel.Engine.Events;
using Carrel.Engine.Operations;
using Carrel.Engine.Storage;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using Carrel.Instances.Sizes;
using Carrel.Instances.Specs;
using NodaTime;

namespace Carrel.Engine.Commands;

/// <summary>What a PATCH led to.</summary>
/// <param name="Instance">The instance as it is now.</param>
/// <param name="MadeIdentities">Ids of user-assigned identities that were not there and were made; the answer warns of them.</param>
public sealed record InstancePatchOutcome(ComputeInstance Instance, IReadOnlyList<string> MadeIdentities);

/// <summary>PATCH of an instance: tags, description and identity, at once; anything else is refused (contract 1.6).</summary>
public sealed class InstancePatches(IEngineStore store, VmSizeCatalogue sizes, TimeProvider time)
{
    /// <summary>Applies a patch.</summary>
    /// <exception cref="RefusedException">It does not exist, or the body changes more than a patch may.</exception>
    public async Task<InstancePatchOutcome> UpdateAsync(InstanceAddress address, JsonElement body, CommandContext context, CancellationToken cancellation)
    {
        IReadOnlySet<string> identities = await InstanceIdentities.MayMakeAsync(store, ComputeInstanceSpecReader.Read(body).Spec?.Identity, address, context, cancellation);
        return await store.WriteAsync(transaction =>
        {
            ComputeInstance existing = InstanceCommands.Require(transaction, address);
            Instant now = Instant.FromDateTimeOffset(time.GetUtcNow());
            Workspace workspace = transaction.FindWorkspace(existing.WorkspaceUid)!;
            var validation = new ValidationContext(
                sizes, workspace.Location, WorkspaceReading.Facts(workspace), now, context.Caller.TenantId, context.Caller.ObjectId, address.SubscriptionId, address.ResourceGroup);
            PatchDecision decision = PatchRules.Decide(existing.Model, body, validation);
            if (decision.Model is not { } model)
                throw new RefusedException(RefusalKind.Invalid, decision.Findings);
            context.RequireCondition(EntityTag.Of(existing), existing.Address.ResourceId);
            LifecycleDecision legal = LifecycleRules.Decide(InstanceCall.Update, existing.State.State);
            if (legal.Outcome == LifecycleOutcome.Conflict)
                throw new RefusedException(RefusalKind.Conflict, "ComputeOperationConflict", legal.Reason, existing.Address.ResourceId);
            (ComputeInstanceState state, IReadOnlyList<string> made) = InstanceIdentities.Settle(transaction, existing, model, identities, context, now);
            transaction.Update(existing with
            {
                Model = model,
                ModifiedBy = context.Caller,
                ModifiedOn = now,
                State = state,
            });
            (string? detail, EventLevel level) = ChangeText.Of(ChangedMembers.Between(existing.Model, model));
            OperationStart.RecordComplete(transaction, existing, OperationKind.Update, context, now, detail, level);
            return new InstancePatchOutcome(transaction.FindInstance(existing.Uid)!, made);
        },
        cancellation);
    }
}
