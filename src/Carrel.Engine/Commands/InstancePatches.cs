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

/// <summary>PATCH of an instance: tags, description and identity, at once; anything else is refused (contract 1.6).</summary>
public sealed class InstancePatches(IEngineStore store, VmSizeCatalogue sizes, TimeProvider time)
{
    /// <summary>Applies a patch.</summary>
    /// <exception cref="RefusedException">It does not exist, or the body changes more than a patch may.</exception>
    public Task<ComputeInstance> UpdateAsync(InstanceAddress address, JsonElement body, CommandContext context, CancellationToken cancellation) => store.WriteAsync(
        transaction =>
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
            transaction.Update(existing with
            {
                Model = model,
                ModifiedBy = context.Caller,
                ModifiedOn = now,
                State = InstanceIdentities.Settle(transaction, model, existing.State, now),
            });
            (string? detail, EventLevel level) = ChangeText.Of(ChangedMembers.Between(existing.Model, model));
            OperationStart.RecordComplete(transaction, existing, OperationKind.Update, context, now, detail, level);
            return transaction.FindInstance(existing.Uid)!;
        },
        cancellation);
}
