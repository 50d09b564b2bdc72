using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Output;

namespace Carrel.Cli.Notices;

/// <summary>A row of the announced stops of an instance.</summary>
internal static class NoticeView
{
    /// <summary>The columns of <c>-o table</c>.</summary>
    public static readonly IReadOnlyList<Column> Columns =
        [new("STOP AT", "fire_at"), new("STATE", "state"), new("KIND", "event_type"), new("REASON", "reason"), new("ENDING", "ending"), new("ID", "name")];

    /// <summary>The view of one row.</summary>
    public static JsonObject From(JsonObject row)
    {
        var inner = row["properties"] as JsonObject ?? [];
        return new JsonObject
        {
            ["name"] = ComputeView.Copy(row["name"]),
            ["event_type"] = ComputeView.Copy(inner["eventType"]),
            ["state"] = ComputeView.Copy(inner["state"]),
            ["fire_at"] = ComputeView.Copy(inner["fireAt"]),
            ["due"] = ComputeView.Copy(inner["due"]),
            ["schedule_id"] = ComputeView.Copy(inner["scheduleId"]),
            ["reason"] = ComputeView.Copy(inner["reason"]),
            ["evidence"] = ComputeView.Copy(inner["evidence"]),
            ["told_at"] = ComputeView.Copy(inner["toldAt"]),
            ["snoozed_minutes"] = ComputeView.Copy(inner["snoozedMinutes"]),
            ["decided_by"] = ComputeView.Copy(inner["decidedBy"]),
            ["decided_at"] = ComputeView.Copy(inner["decidedAt"]),
            ["ending"] = ComputeView.Copy(inner["ending"]),
        };
    }
}
