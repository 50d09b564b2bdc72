using System.Text.Json.Nodes;
using Carrel.Engine.Schedules;
using Carrel.Instances.Schedules.Preview;
using Carrel.Instances.Specs;
using NodaTime;
using NodaTime.Text;

namespace Carrel.Api.Schedules;

/// <summary>Writes a preview (the shape is Carrel's).</summary>
internal static class PreviewBody
{
    internal static JsonObject Write(PreviewOutlook outlook)
    {
        PreviewDifference? difference = outlook.Changed is { } changed ? PreviewDifference.Between(outlook.Today, changed) : null;
        HashSet<PreviewOccurrence> added = [.. difference?.Added ?? []];
        IEnumerable<(PreviewOccurrence Occurrence, string Change)> rows = outlook.Asked.Occurrences
            .Select(occurrence => (occurrence, added.Contains(occurrence) ? "Added" : "None"))
            .Concat((difference?.Removed ?? []).Select(occurrence => (occurrence, "Removed")))
            .OrderBy(row => row.occurrence.At);
        var body = new JsonObject
        {
            ["from"] = ArmText.Time(outlook.Asked.From),
            ["to"] = ArmText.Time(outlook.Asked.To),
            ["complete"] = outlook.Asked.IsComplete,
            ["occurrences"] = new JsonArray([.. rows.Select(row => (JsonNode)Row(row.Occurrence, row.Change))]),
            ["unreadable"] = new JsonArray([.. outlook.Asked.Unreadable.Select(schedule => (JsonNode)Unreadable(schedule))]),
            ["expected"] = Expected(outlook.Asked, outlook.HourlyPrice),
            ["idleTimeBeforeShutdown"] = outlook.Instance.Model.IdleMinutes is { } minutes ? $"PT{minutes}M" : null,
        };
        if (difference is not null)
        {
            body["today"] = Expected(outlook.Today, outlook.HourlyPrice);
            body["difference"] = new JsonObject
            {
                ["hours"] = outlook.Asked.Hours - outlook.Today.Hours,
                ["cost"] = outlook.Asked.Cost(outlook.HourlyPrice) - outlook.Today.Cost(outlook.HourlyPrice),
                ["added"] = difference.Added.Count,
                ["removed"] = difference.Removed.Count,
            };
        }

        return body;
    }

    private static JsonObject Row(PreviewOccurrence occurrence, string change) => new()
    {
        ["at"] = ArmText.Time(occurrence.At),
        ["local"] = OffsetDateTimePattern.Rfc3339.Format(occurrence.Local),
        ["timeZone"] = occurrence.Schedule.Cron?.TimeZone ?? occurrence.Schedule.Recurrence!.TimeZone,
        ["action"] = occurrence.Schedule.Action.ToString(),
        ["scheduleId"] = occurrence.Schedule.Id.ToString("D"),
        ["outcome"] = occurrence.Outcome.ToString(),
        ["clockChange"] = occurrence.Clock != ClockMark.None ? occurrence.Clock.ToString() : occurrence.OffsetChange != Offset.Zero ? "OffsetChanged" : null,
        ["snoozed"] = occurrence.At != occurrence.Due,
        ["change"] = change,
    };

    private static JsonObject Unreadable(ScheduleModel schedule) => new()
    {
        ["scheduleId"] = schedule.Id.ToString("D"),
        ["action"] = schedule.Action.ToString(),
        ["message"] = "This stored schedule cannot be read and does not fire: write the instance's schedules anew with updateSchedules.",
    };

    private static JsonObject Expected(SchedulePreview preview, decimal? hourly) => new()
    {
        ["hours"] = preview.Hours,
        ["cost"] = preview.Cost(hourly),
        ["currency"] = "USD",
        ["hourlyPrice"] = hourly,
        ["starts"] = preview.Occurrences.Count(occurrence => occurrence.Outcome == PreviewOutcome.Starts),
        ["stops"] = preview.Occurrences.Count(occurrence => occurrence.Outcome == PreviewOutcome.Stops),
        ["conflicts"] = preview.Occurrences.Count(occurrence => occurrence.Outcome == PreviewOutcome.Conflict),
    };
}
