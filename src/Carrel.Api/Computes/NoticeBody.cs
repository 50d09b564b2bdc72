using System.Text.Json.Nodes;
using Carrel.Instances.Notices;
using Carrel.Instances.Resources;

namespace Carrel.Api.Computes;

/// <summary>Writes an announced stop as a resource below its instance (contract 3.6; the shape is Carrel's).</summary>
internal static class NoticeBody
{
    private const string Type = "Microsoft.MachineLearningServices/workspaces/computes/scheduledEvents";

    internal static JsonObject Write(ComputeInstance instance, StopNotice notice) => new()
    {
        ["id"] = $"{instance.Address.ResourceId}/scheduledEvents/{notice.Id:D}",
        ["name"] = notice.Id.ToString("D"),
        ["type"] = Type,
        ["properties"] = new JsonObject
        {
            ["eventType"] = notice.Kind.ToString(),
            ["state"] = notice.State.ToString(),
            ["fireAt"] = ArmText.Time(notice.FireAt),
            ["due"] = ArmText.Time(notice.Due),
            ["scheduleId"] = notice.ScheduleId?.ToString("D"),
            ["reason"] = notice.Reason,
            ["evidence"] = notice.Evidence is { } evidence ? JsonNode.Parse(evidence) : null,
            ["toldAt"] = ArmText.Time(notice.ToldAt),
            ["snoozedMinutes"] = (int)notice.Snoozed.TotalMinutes,
            ["decidedBy"] = notice.DecidedBy,
            ["decidedAt"] = notice.DecidedAt is { } decided ? ArmText.Time(decided) : null,
            ["ending"] = notice.Ending,
        },
    };
}
