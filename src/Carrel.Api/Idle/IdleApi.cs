using System.Text.Json;
using System.Text.Json.Nodes;
using Carrel.Arm.Pipeline;
using Carrel.Engine.Commands;
using Carrel.Engine.Idle;
using Carrel.Engine.Storage;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Specs;
using NodaTime;

namespace Carrel.Api.Idle;

/// <summary>Why an instance runs, and how to keep it running: calls of Carrel's own, which Azure does not have.</summary>
public sealed class IdleApi(IEngineStore store, IdleExplanations explanations, KeepAwakeCommands keepAwake)
{
    /// <summary>The route table. Keeping awake is a use of the idle setting, and has its permission.</summary>
    public IEnumerable<ArmOperation> Operations =>
    [
        new("Compute_Explain", "GET", Patterns.Compute + "/explain", Actions.ComputeRead, Compute_Explain),
        new("Compute_KeepAwake", "POST", Patterns.Compute + "/keepAwake", Actions.ComputeUpdateIdleShutdownSetting, Compute_KeepAwake),
    ];

    private async Task<ArmResult> Compute_Explain(ArmRequest request)
    {
        await request.RequireParentAsync(store);
        IdleExplanation explanation = await Requests.RunAsync(() => explanations.ExplainAsync(request.InstanceAddress(), request.Cancellation));
        return ArmResult.Ok(ExplanationBody.Write(explanation, showNames: request.Caller.ObjectId == explanation.Instance.Owner));
    }

    private async Task<ArmResult> Compute_KeepAwake(ArmRequest request)
    {
        await request.RequireParentAsync(store);
        JsonElement body = await request.ReadObjectAsync();
        Instant? until = await Requests.RunAsync(() => keepAwake.KeepAwakeAsync(request.InstanceAddress(), body, request.Context(), request.Cancellation));
        return ArmResult.Ok(new JsonObject
        {
            ["keepAwakeUntil"] = until is { } at ? ArmText.Time(at) : null,
            ["scheduledStop"] = until is { } end && await ScheduledStopAsync(request, end) is { } stop ? ArmText.Time(stop) : null,
        });
    }

    // Awake keeps from being idle alone: whoever asks for the night is to know that a schedule stops it in the evening.
    private async Task<Instant?> ScheduledStopAsync(ArmRequest request, Instant until)
    {
        IdleExplanation explanation = await Requests.RunAsync(() => explanations.ExplainAsync(request.InstanceAddress(), request.Cancellation));
        return explanation.Coming.FirstOrDefault(action => action is { Action: ScheduleAction.Stop, Trigger: OperationTrigger.Schedule } && action.At <= until)?.At;
    }
}
