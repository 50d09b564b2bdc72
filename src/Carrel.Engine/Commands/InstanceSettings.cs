using System.Text.Json;
using Carrel.Engine.Idle;
using Carrel.Engine.Notices;
using Carrel.Engine.Operations;
using Carrel.Engine.Storage;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using Carrel.Instances.Sizes;
using Carrel.Instances.Specs;
using Carrel.Instances.Specs.Settings;
using NodaTime;

namespace Carrel.Engine.Commands;

/// <summary>
/// The calls that change one setting of an instance at once, without an operation (contract 1.6): idle time, schedules, custom services, data
/// mounts, SSH key and single sign-on. <c>lastOperation</c> is not touched (contract 1.5).
/// </summary>
public sealed class InstanceSettings(IEngineStore store, VmSizeCatalogue sizes, SettingEffects effects, TimeProvider time)
{
    /// <summary><c>updateIdleShutdownSetting</c>.</summary>
    /// <exception cref="RefusedException">No such instance, a bad body, or not in this state.</exception>
    public Task UpdateIdleTimeAsync(InstanceAddress address, JsonElement body, CommandContext context, CancellationToken cancellation) => ChangeAsync(
        address, InstanceCall.UpdateIdleShutdownSetting, (model, _) => IdleTimeSetting.Decide(model, body), context, cancellation);

    /// <summary><c>updateSchedules</c>.</summary>
    /// <exception cref="RefusedException">No such instance, a bad body, or not in this state.</exception>
    public Task UpdateSchedulesAsync(InstanceAddress address, JsonElement body, CommandContext context, CancellationToken cancellation) => ChangeAsync(
        address, InstanceCall.UpdateSchedules, (model, validation) => ScheduleSetting.Decide(model, body, validation), context, cancellation);

    /// <summary><c>customServices</c>.</summary>
    /// <exception cref="RefusedException">No such instance, a bad body, or not in this state.</exception>
    public Task UpdateCustomServicesAsync(InstanceAddress address, JsonElement body, CommandContext context, CancellationToken cancellation) => ChangeAsync(
        address, InstanceCall.UpdateCustomServices, (model, validation) => CustomServiceSetting.Decide(model, body, validation), context, cancellation);

    /// <summary><c>updateDataMounts</c>.</summary>
    /// <exception cref="RefusedException">No such instance, a bad body, or not in this state.</exception>
    public Task UpdateDataMountsAsync(InstanceAddress address, JsonElement body, CommandContext context, CancellationToken cancellation) => ChangeAsync(
        address, InstanceCall.UpdateDataMounts, (model, _) => DataMountSetting.Decide(model, body, context.Caller.Name), context, cancellation);

    /// <summary><c>updateSshKey</c>; the owner's alone.</summary>
    /// <exception cref="RefusedException">No such instance, somebody else's, a bad body, without SSH access, or not in this state.</exception>
    public Task UpdateSshKeyAsync(InstanceAddress address, JsonElement body, CommandContext context, CancellationToken cancellation) => ChangeAsync(
        address, InstanceCall.UpdateSshKey, (model, _) => SshKeySetting.Decide(model, body), context, cancellation);

    /// <summary><c>enableSso</c>; the owner's alone.</summary>
    /// <exception cref="RefusedException">No such instance, somebody else's, a bad body, or not in this state.</exception>
    public Task UpdateSsoAsync(InstanceAddress address, JsonElement body, CommandContext context, CancellationToken cancellation) => ChangeAsync(
        address, InstanceCall.EnableSso, (model, _) => SsoSetting.Decide(model, body), context, cancellation);

    private async Task ChangeAsync(
        InstanceAddress address,
        InstanceCall call,
        Func<ComputeInstanceModel, ValidationContext, SettingDecision> decide,
        CommandContext context,
        CancellationToken cancellation) => await store.WriteAsync(
            transaction =>
            {
                ComputeInstance existing = InstanceCommands.Require(transaction, address);
                if (OwnerRule.Refusal(call, existing, context.Caller.ObjectId) is { } refusal)
                    throw new RefusedException(RefusalKind.Forbidden, [refusal]);
                context.RequireCondition(EntityTag.Of(existing), existing.Address.ResourceId);
                Instant now = Instant.FromDateTimeOffset(time.GetUtcNow());
                ComputeInstanceModel model = Decided(decide(existing.Model, Validation(transaction, existing, context, now)), existing);
                LifecycleDecision legal = LifecycleRules.Decide(call, existing.State.State);
                if (legal.Outcome == LifecycleOutcome.Conflict)
                    throw Conflict(legal.Reason, existing);
                if (!ModelJson.Same(existing.Model, model))
                    transaction.Update(existing with { Model = model, ModifiedBy = context.Caller, ModifiedOn = now });
                effects.Follow(transaction, existing.Uid, existing.Model, model, context.Caller.Name);
                transaction.Append(OperationEvents.SettingChanged(existing, model, call, context, now));
                return true;
            },
            cancellation);

    private ValidationContext Validation(IEngineView view, ComputeInstance existing, CommandContext context, Instant now)
    {
        Workspace workspace = view.FindWorkspace(existing.WorkspaceUid)!;
        return new ValidationContext(
            sizes,
            workspace.Location,
            WorkspaceReading.Facts(workspace),
            now,
            context.Caller.TenantId,
            context.Caller.ObjectId,
            existing.Address.SubscriptionId,
            existing.Address.ResourceGroup) { Owner = existing.Owner };
    }

    private static ComputeInstanceModel Decided(SettingDecision decision, ComputeInstance existing)
    {
        if (decision.Conflict is { } conflict)
            throw Conflict(conflict, existing);
        return decision.Model ?? throw new RefusedException(RefusalKind.Invalid, decision.Findings);
    }

    private static RefusedException Conflict(string reason, ComputeInstance existing) =>
        new(RefusalKind.Conflict, "ComputeOperationConflict", reason, existing.Address.ResourceId);
}
