using System.Text.Json.Nodes;
using Carrel.Instances.Notices;
using Carrel.Instances.Resources;
using NodaTime.Text;

namespace Carrel.Engine.Notices;

/// <summary>What is posted to a webhook (docs/how-to/start-and-stop-on-a-schedule.md). No secret and no name beside the instance's own.</summary>
internal static class WebhookBody
{
    internal static string Write(ComputeInstance instance, StopNotice notice, string publicUrl)
    {
        string link = $"{publicUrl}{instance.Address.ResourceId}/scheduledEvents/{notice.Id:D}";
        return new JsonObject
        {
            ["type"] = notice.Kind.ToString(),
            ["noticeId"] = notice.Id.ToString("D"),
            ["resourceId"] = instance.Address.ResourceId,
            ["name"] = instance.Address.Name,
            ["owner"] = instance.Owner.ToString("D"),
            ["scheduleId"] = notice.ScheduleId?.ToString("D"),
            ["fireAt"] = InstantPattern.ExtendedIso.Format(notice.FireAt),
            ["toldAt"] = InstantPattern.ExtendedIso.Format(notice.ToldAt),
            ["snoozedMinutes"] = (int)notice.Snoozed.TotalMinutes,
            ["reason"] = notice.Reason,
            ["evidence"] = notice.Evidence is { } evidence ? JsonNode.Parse(evidence) : null,
            ["dismissUrl"] = link + "/dismiss",
            ["snoozeUrl"] = link + "/snooze",
        }.ToJsonString();
    }
}
