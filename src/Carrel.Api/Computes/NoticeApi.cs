using System.Text.Json;
using Carrel.Arm.Errors;
using Carrel.Arm.Pipeline;
using Carrel.Engine.Notices;
using Carrel.Engine.Storage;
using Carrel.Instances.Notices;
using Carrel.Instances.Resources;

namespace Carrel.Api.Computes;

/// <summary>Announced stops of an instance, and what its owner does about them (contract 3.6). Azure publishes no such routes; the names are Carrel's.</summary>
public sealed class NoticeApi(IEngineStore store, NoticeCommands commands)
{
    // Open ones and what became of the last: whoever wants more reads the activity log.
    private const int Most = 50;

    private const string Events = Patterns.Compute + "/scheduledEvents";

    /// <summary>The route table.</summary>
    public IEnumerable<ArmOperation> Operations =>
    [
        new("ScheduledEvents_List", "GET", Events, Actions.ComputeRead, ScheduledEvents_List),
        new("ScheduledEvents_Get", "GET", Events + "/{eventId}", Actions.ComputeRead, ScheduledEvents_Get),
        new("ScheduledEvents_Dismiss", "POST", Events + "/{eventId}/dismiss", Actions.ComputeUpdateSchedules, ScheduledEvents_Dismiss) { AllowsAnyway = IsOwnerAsync },
        new("ScheduledEvents_Snooze", "POST", Events + "/{eventId}/snooze", Actions.ComputeUpdateSchedules, ScheduledEvents_Snooze) { AllowsAnyway = IsOwnerAsync },
    ];

    private async Task<ArmResult> ScheduledEvents_List(ArmRequest request)
    {
        ComputeInstance instance = await FindAsync(request);
        IReadOnlyList<StopNotice> notices = await store.ReadAsync(view => view.ListNotices(instance.Uid, Most), request.Cancellation);
        return ArmResult.List([.. notices.Select(notice => NoticeBody.Write(instance, notice))]);
    }

    private async Task<ArmResult> ScheduledEvents_Get(ArmRequest request)
    {
        ComputeInstance instance = await FindAsync(request);
        Guid id = EventId(request);
        StopNotice? notice = await store.ReadAsync(view => view.FindNotice(id), request.Cancellation);
        return notice?.InstanceUid == instance.Uid ? ArmResult.Ok(NoticeBody.Write(instance, notice)) : throw NotFound(request);
    }

    private async Task<ArmResult> ScheduledEvents_Dismiss(ArmRequest request)
    {
        await request.RequireParentAsync(store);
        await Requests.RunAsync(() => commands.DismissAsync(request.InstanceAddress(), EventId(request), request.Context(), request.Cancellation));
        return new ArmResult(200);
    }

    private async Task<ArmResult> ScheduledEvents_Snooze(ArmRequest request)
    {
        await request.RequireParentAsync(store);
        JsonElement body = await request.ReadObjectAsync();
        await Requests.RunAsync(() => commands.SnoozeAsync(request.InstanceAddress(), EventId(request), body, request.Context(), request.Cancellation));
        return new ArmResult(200);
    }

    private async Task<bool> IsOwnerAsync(ArmRequest request)
    {
        InstanceAddress address = request.InstanceAddress();
        return await store.ReadAsync(view => view.FindInstance(address)?.Owner == request.Caller.ObjectId, request.Cancellation);
    }

    private async Task<ComputeInstance> FindAsync(ArmRequest request)
    {
        await request.RequireParentAsync(store);
        return await request.RequireInstanceAsync(store);
    }

    private static Guid EventId(ArmRequest request) => Guid.TryParse(request.Route("eventId"), out Guid id) ? id : throw NotFound(request);

    private static ArmException NotFound(ArmRequest request) => new(
        404,
        "ResourceNotFound",
        $"The compute '{request.Route("computeName")}' has no notice '{request.Route("eventId")}'. GET .../scheduledEvents lists those it has.",
        "eventId");
}
