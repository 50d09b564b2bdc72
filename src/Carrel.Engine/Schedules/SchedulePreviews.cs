using System.Text.Json;
using Carrel.Engine.Commands;
using Carrel.Engine.Storage;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Notices;
using Carrel.Instances.Resources;
using Carrel.Instances.Schedules.Firing;
using Carrel.Instances.Schedules.Preview;
using Carrel.Instances.Sizes;
using Carrel.Instances.Specs;
using Carrel.Instances.Specs.Settings;
using NodaTime;

namespace Carrel.Engine.Schedules;

/// <summary>What the schedules of an instance will do.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="Today">With the settings it has.</param>
/// <param name="Changed">With the settings that were asked about; null when none were.</param>
/// <param name="HourlyPrice">US dollars per hour of its size, or null.</param>
public sealed record PreviewOutlook(ComputeInstance Instance, SchedulePreview Today, SchedulePreview? Changed, decimal? HourlyPrice)
{
    /// <summary>What the question was about.</summary>
    public SchedulePreview Asked => Changed ?? Today;
}

/// <summary>Previews schedules, those an instance has and those somebody thinks of; nothing is saved.</summary>
public sealed class SchedulePreviews(IEngineStore store, VmSizeCatalogue sizes, TimeProvider time)
{
    /// <summary>Days of a preview when nobody says.</summary>
    public const int DefaultDays = 31;

    /// <summary>Most days of a preview.</summary>
    public const int MostDays = 366;

    private const int MostNotices = 50;

    /// <summary>Previews.</summary>
    /// <param name="address">The instance.</param>
    /// <param name="days">How far ahead.</param>
    /// <param name="schedules">The <c>schedules</c> object of a PUT that somebody thinks of, or null for those it has.</param>
    /// <param name="context">Who asks.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="RefusedException">There is no such instance, or the schedules could not be saved.</exception>
    public async Task<PreviewOutlook> PreviewAsync(InstanceAddress address, int days, JsonElement? schedules, CommandContext context, CancellationToken cancellation)
    {
        Instant now = Instant.FromDateTimeOffset(time.GetUtcNow());
        (ComputeInstance instance, ComputeInstanceModel model, IReadOnlyList<StopNotice> notices) = await store.ReadAsync(
            view =>
            {
                ComputeInstance found = InstanceCommands.Require(view, address);
                return (found, schedules is { } body ? Changed(view, found, body, context, now) : found.Model, view.ListNotices(found.Uid, MostNotices));
            },
            cancellation);
        Instant end = now + Duration.FromDays(days);
        (SchedulePreview today, SchedulePreview? changed) = schedules is null
            ? (PreviewRules.Of(instance.Model.Schedules, Runs(instance), now, end, notices), null)
            : PreviewRules.Both(instance.Model.Schedules, model.Schedules, Runs(instance), now, end, notices);
        return new PreviewOutlook(instance, today, changed, sizes.HourlyPrice(instance.Model.VmSize));
    }

    // Also what is on its way there: a preview is about days, not about the next minute.
    private static bool Runs(ComputeInstance instance) => instance.State.State == InstanceState.Creating
        ? !instance.Model.ProvisionStopped
        : FiringRules.ByState(ScheduleAction.Stop, instance.State.State).Outcome is FiringOutcome.Ran or FiringOutcome.Deferred;

    private ComputeInstanceModel Changed(IEngineView view, ComputeInstance instance, JsonElement schedules, CommandContext context, Instant now)
    {
        Workspace workspace = view.FindWorkspace(instance.WorkspaceUid)!;
        var validation = new ValidationContext(
            sizes, workspace.Location, WorkspaceReading.Facts(workspace), now, context.Caller.TenantId, context.Caller.ObjectId, instance.Address.SubscriptionId, instance.Address.ResourceGroup);
        SettingDecision decision = ScheduleSetting.DecideUpdate(instance.Model, schedules, validation);
        return decision.Model ?? throw new RefusedException(
            RefusalKind.Invalid, [.. decision.Findings.Select(finding => finding with { Target = finding.Target.Length == 0 ? "schedules" : $"schedules.{finding.Target}" })]);
    }
}
