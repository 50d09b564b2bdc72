using System.Text.Json.Nodes;

namespace Carrel.Cli.Computes;

/// <summary>Schedules as the server answers them, turned back into the keys of the file.</summary>
internal static class ScheduleView
{
    /// <summary>The schedules section; null when there is none.</summary>
    public static JsonObject? From(JsonArray? rows) => rows is null ? null
        : new JsonObject { ["compute_start_stop"] = new JsonArray([.. rows.OfType<JsonObject>().Select(row => (JsonNode)Row(row))]) };

    private static JsonObject Row(JsonObject row) => new()
    {
        ["action"] = row["action"]?.ToString().ToLowerInvariant(),
        ["state"] = row["status"]?.ToString().ToLowerInvariant(),
        ["schedule_id"] = ComputeView.Copy(row["id"]),
        ["provisioning_state"] = ComputeView.Copy(row["provisioningStatus"]),
        ["trigger"] = Trigger(row),
    };

    private static JsonObject? Trigger(JsonObject row)
    {
        var kind = row["triggerType"]?.ToString().ToLowerInvariant();
        if (row[kind == "cron" ? "cron" : "recurrence"] is not JsonObject source)
            return null;
        var trigger = new JsonObject
        {
            ["type"] = kind,
            ["start_time"] = ComputeView.Copy(source["startTime"]),
            ["time_zone"] = ComputeView.Copy(source["timeZone"]),
        };
        if (kind == "cron")
        {
            trigger["expression"] = ComputeView.Copy(source["expression"]);
            return trigger;
        }
        trigger["frequency"] = source["frequency"]?.ToString().ToLowerInvariant();
        trigger["interval"] = ComputeView.Copy(source["interval"]);
        trigger["schedule"] = source["schedule"] is JsonObject pattern ? new JsonObject
        {
            ["hours"] = ComputeView.Copy(pattern["hours"]),
            ["minutes"] = ComputeView.Copy(pattern["minutes"]),
            ["week_days"] = pattern["weekDays"] is JsonArray days ? new JsonArray([.. days.Select(day => (JsonNode?)day?.ToString().ToLowerInvariant())]) : null,
        } : null;
        return trigger;
    }
}
