using Carrel.Arm.Pipeline;
using Carrel.Engine.Schedules;
using Carrel.Engine.Storage;

namespace Carrel.Api.Schedules;

/// <summary>What the schedules of an instance will do, before anything is saved. Azure has no such call.</summary>
public sealed class PreviewApi(IEngineStore store, SchedulePreviews previews)
{
    /// <summary>The route table. A POST for its body; it reads, and whoever may read the instance may ask.</summary>
    public IEnumerable<ArmOperation> Operations =>
    [
        new("Compute_PreviewSchedules", "POST", Patterns.Compute + "/preview", Actions.ComputeRead, Compute_PreviewSchedules),
    ];

    private async Task<ArmResult> Compute_PreviewSchedules(ArmRequest request)
    {
        await request.RequireParentAsync(store);
        PreviewRequest asked = PreviewRequest.Read(await request.ReadObjectAsync());
        return ArmResult.Ok(PreviewBody.Write(await Requests.RunAsync(() =>
            previews.PreviewAsync(request.InstanceAddress(), asked.Days, asked.Schedules, request.Context(), request.Cancellation))));
    }
}
