using System.Text.Json.Nodes;
using Carrel.Instances.Specs;

namespace Carrel.Instances.Resources;

/// <summary>One row of <c>computeStartStop</c> in an answer (contract 3.1): the Python reader needs <c>schedule</c> on every recurrence.</summary>
internal static class ScheduleBody
{
    public static JsonObject Write(ScheduleModel schedule)
    {
        var row = new JsonObject
        {
            ["id"] = schedule.Id.ToString(),
            ["provisioningStatus"] = "Completed",
            ["status"] = schedule.Status.ToString(),
            ["action"] = schedule.Action.ToString(),
        };
        if (schedule.Cron is { } cron)
        {
            row["triggerType"] = "Cron";
            row["cron"] = Trigger(cron.StartTime, cron.EndTime, cron.TimeZone, ("expression", cron.Expression));
        }
        else if (schedule.Recurrence is { } recurrence)
        {
            row["triggerType"] = "Recurrence";
            row["recurrence"] = Trigger(
                recurrence.StartTime,
                recurrence.EndTime,
                recurrence.TimeZone,
                ("frequency", recurrence.Frequency.ToString()),
                ("interval", recurrence.Interval),
                ("schedule", Lists(recurrence)));
        }

        return row;
    }

    private static JsonObject Trigger(string? start, string? end, string zone, params (string Name, JsonNode? Value)[] members)
    {
        var trigger = new JsonObject();
        if (start is not null)
        {
            trigger["startTime"] = start;
        }

        if (end is not null)
        {
            trigger["endTime"] = end;
        }

        trigger["timeZone"] = zone;
        foreach (var (name, value) in members)
        {
            trigger[name] = value;
        }

        return trigger;
    }

    private static JsonObject Lists(RecurrenceModel recurrence)
    {
        var lists = new JsonObject
        {
            ["hours"] = Numbers(recurrence.Hours),
            ["minutes"] = Numbers(recurrence.Minutes),
            ["weekDays"] = new JsonArray([.. recurrence.WeekDays.Select(day => JsonValue.Create(day.ToString()))]),
            ["monthDays"] = Numbers(recurrence.MonthDays),
        };
        if (recurrence.MonthlyOccurrences.Count > 0)
        {
            lists["monthlyOccurrences"] = new JsonArray([.. recurrence.MonthlyOccurrences.Select(Occurrence)]);
        }

        return lists;
    }

    private static JsonObject Occurrence(MonthlyOccurrence item)
    {
        var body = new JsonObject { ["day"] = item.Day.ToString() };
        if (item.Occurrence is { } occurrence)
        {
            body["occurrence"] = occurrence;
        }

        return body;
    }

    private static JsonArray Numbers(IReadOnlyList<int> numbers) => new([.. numbers.Select(number => JsonValue.Create(number))]);
}
