using System.Text.Json.Nodes;
using Carrel.Cli.Yaml;

namespace Carrel.Cli.Computes;

/// <summary>Start and stop schedules: YAML to REST (contract 2; the rows of wire.md 3.1).</summary>
internal static class ScheduleMapping
{
    private const int MostSchedules = 4;
    private static readonly string[] CommonKeys = ["type", "start_time", "end_time", "time_zone"];
    private static readonly string[] CronKeys = [.. CommonKeys, "expression"];
    private static readonly string[] RecurrenceKeys = [.. CommonKeys, "frequency", "interval", "schedule"];

    /// <summary>The schedules object; null when the file has none.</summary>
    public static JsonObject? Read(YamlSection file, List<string> warnings)
    {
        if (file.Section("schedules", ["compute_start_stop"]) is not { } section)
            return null;
        var entries = section.Sections("compute_start_stop", ["action", "state", "trigger"], "schedule_id", "provisioning_state");
        if (entries.Count > MostSchedules)
            throw section.ProblemAt("compute_start_stop", $"'schedules.compute_start_stop' has {entries.Count} entries; at most {MostSchedules} are allowed");
        if (entries.Count == 0)
            return null;
        var rows = new JsonArray();
        foreach (var entry in entries)
            rows.Add((JsonNode)Row(entry, warnings));
        return new JsonObject { ["computeStartStop"] = rows };
    }

    private static JsonObject Row(YamlSection entry, List<string> warnings)
    {
        entry.RequiredText("action");
        var row = new JsonObject
        {
            ["action"] = entry.Word("action", "Start", "Stop"),
            ["status"] = entry.Word("state", "Enabled", "Disabled") ?? "Enabled",
        };
        var any = entry.Section("trigger", [.. CronKeys, .. RecurrenceKeys]) ?? throw entry.ProblemAt("action", $"'{entry.Name("trigger")}' is missing");
        any.RequiredText("type");
        var kind = any.Word("type", "Cron", "Recurrence")!;
        row["triggerType"] = kind;
        // Opened again with the keys of its kind, so that an interval of a cron trigger is refused rather than forgotten.
        var trigger = entry.Section("trigger", kind == "Cron" ? CronKeys : RecurrenceKeys)!;
        var body = new JsonObject();
        if (trigger.Text("start_time") is { } start)
            body["startTime"] = YamlWords.Timestamp(start);
        body["timeZone"] = trigger.Text("time_zone") ?? "UTC";
        body["triggerType"] = kind;
        if (trigger.Has("end_time"))
            warnings.Add($"{trigger.Name("end_time")} is left out: schedules of a compute have no end");
        if (kind == "Cron")
            body["expression"] = trigger.RequiredText("expression");
        else
            Recurrence(trigger, body, warnings);
        row[kind == "Cron" ? "cron" : "recurrence"] = body;
        return row;
    }

    private static void Recurrence(YamlSection trigger, JsonObject body, List<string> warnings)
    {
        trigger.RequiredText("frequency");
        body["frequency"] = trigger.Word("frequency", "Minute", "Hour", "Day", "Week", "Month");
        body["interval"] = trigger.Number("interval") ?? 1;
        if (trigger.Section("schedule", ["hours", "minutes", "week_days", "month_days"]) is not { } pattern)
            return;
        var schedule = new JsonObject { ["hours"] = List(pattern.Numbers("hours")), ["minutes"] = List(pattern.Numbers("minutes")) };
        var days = pattern.Texts("week_days");
        if (days.Length > 0)
            schedule["weekDays"] = new JsonArray([.. days.Select(day => (JsonNode)Capitalised(day))]);
        if (pattern.Has("month_days"))
            warnings.Add($"{pattern.Name("month_days")} is left out: schedules of a compute know no days of the month");
        body["schedule"] = schedule;
    }

    private static JsonArray List(int[] numbers) => new([.. numbers.Select(number => (JsonNode)number)]);

    private static string Capitalised(string day) => day.Length == 0 ? day : char.ToUpperInvariant(day[0]) + day[1..].ToLowerInvariant();
}
