using System.Globalization;
using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Output;

namespace Carrel.Cli.Previews;

/// <summary>A preview for reading: a row per start and stop, and sentences about hours, costs and what is different from today.</summary>
internal static class PreviewView
{
    /// <summary>The columns of <c>-o table</c>.</summary>
    public static readonly IReadOnlyList<Column> Columns =
    [
        new("LOCAL TIME", "local"), new("TIME ZONE", "time_zone"), new("ACTION", "action"), new("OUTCOME", "outcome"), new("CLOCK", "clock"), new("CHANGE", "change"),
    ];

    /// <summary>The whole answer with the names of this program.</summary>
    public static JsonObject From(JsonObject answer) => new()
    {
        ["from"] = ComputeView.Copy(answer["from"]),
        ["to"] = ComputeView.Copy(answer["to"]),
        ["complete"] = ComputeView.Copy(answer["complete"]),
        ["occurrences"] = new JsonArray([.. Items(answer).Select(item => (JsonNode)Occurrence(item))]),
        ["expected"] = Expected(answer["expected"]),
        ["today"] = Expected(answer["today"]),
        ["difference"] = ComputeView.Copy(answer["difference"]),
        ["idle_time_before_shutdown"] = ComputeView.Copy(answer["idleTimeBeforeShutdown"]),
        ["unreadable"] = new JsonArray([.. (answer["unreadable"] as JsonArray ?? []).Select(item => ComputeView.Snake(item, "scheduleId", "action", "message"))]),
    };

    /// <summary>The rows of a table.</summary>
    public static JsonArray Rows(JsonObject answer) => new([.. Items(answer).Select(item => (JsonNode)Row(item))]);

    /// <summary>The sentences below a table.</summary>
    public static IEnumerable<string> Sentences(JsonObject answer)
    {
        yield return $"Expected from {Day(answer["from"])} to {Day(answer["to"])}: {Sum(answer["expected"])}.";
        if (answer["today"] is { } today)
            yield return $"With today's settings: {Sum(today)}.";
        if (answer["difference"] is JsonObject difference)
            yield return $"Difference: {Signed(difference["hours"])} hours{Price(difference["cost"], signed: true)}, {difference["added"]} added, {difference["removed"]} removed.";
        if (answer["expected"]?["conflicts"]?.GetValue<int>() is > 0 and var conflicts)
            yield return $"Skipped starts: {conflicts}, because a stop is due at the same instant, and stop wins.";
        if (answer["idleTimeBeforeShutdown"]?.ToString() is { } idle)
            yield return $"It is stopped earlier when it is idle for {idle}; hours and cost do not count on that.";
        foreach (JsonObject schedule in (answer["unreadable"] as JsonArray ?? []).OfType<JsonObject>())
            yield return $"{schedule["action"]} {schedule["scheduleId"]}: {schedule["message"]}";
        if (answer["complete"]?.GetValue<bool>() == false)
            yield return $"There are too many occurrences: the preview{(answer["today"] is null ? " ends" : ", and what it is compared with, end")} at {answer["to"]}. Ask for fewer --days.";
    }

    private static IEnumerable<JsonObject> Items(JsonObject answer) => (answer["occurrences"] as JsonArray ?? []).OfType<JsonObject>();

    private static JsonObject Occurrence(JsonObject item) => new()
    {
        ["at"] = ComputeView.Copy(item["at"]),
        ["local"] = ComputeView.Copy(item["local"]),
        ["time_zone"] = ComputeView.Copy(item["timeZone"]),
        ["action"] = ComputeView.Copy(item["action"]),
        ["outcome"] = ComputeView.Copy(item["outcome"]),
        ["clock_change"] = ComputeView.Copy(item["clockChange"]),
        ["snoozed"] = ComputeView.Copy(item["snoozed"]),
        ["change"] = ComputeView.Copy(item["change"]),
        ["schedule_id"] = ComputeView.Copy(item["scheduleId"]),
    };

    private static JsonObject Row(JsonObject item) => new()
    {
        ["local"] = Local(item["local"]?.ToString() ?? ""),
        ["time_zone"] = ComputeView.Copy(item["timeZone"]),
        ["action"] = ComputeView.Copy(item["action"]),
        ["outcome"] = item["outcome"]?.ToString() switch
        {
            "NoOp" => "nothing to do",
            "Conflict" => "skipped: a stop is due too",
            "Dismissed" => "skipped: dismissed",
            _ when item["snoozed"]?.GetValue<bool>() == true => "stops, put off",
            "Starts" => "starts",
            "Stops" => "stops",
            var other => other,
        },
        ["clock"] = item["clockChange"]?.ToString() switch
        {
            "Shifted" => "moved: its time does not exist that day",
            "FirstPass" => "the first of two such times",
            "SecondPass" => "the second of two such times",
            "OffsetChanged" => "clocks were changed before",
            var other => other,
        },
        ["change"] = item["change"]?.ToString() switch { "Added" => "+ added", "Removed" => "- removed", _ => null },
    };

    // 2026-03-29T09:00:00+02:00 as Sun 2026-03-29 09:00 +02:00.
    private static string Local(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var local) ? local.ToString("ddd yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture) : text;

    private static JsonObject? Expected(JsonNode? sum) => sum is not JsonObject ? null : new JsonObject
    {
        ["hours"] = ComputeView.Copy(sum["hours"]),
        ["cost"] = ComputeView.Copy(sum["cost"]),
        ["currency"] = ComputeView.Copy(sum["currency"]),
        ["hourly_price"] = ComputeView.Copy(sum["hourlyPrice"]),
        ["starts"] = ComputeView.Copy(sum["starts"]),
        ["stops"] = ComputeView.Copy(sum["stops"]),
        ["conflicts"] = ComputeView.Copy(sum["conflicts"]),
    };

    private static string Sum(JsonNode? sum) => $"{sum?["hours"]} hours{Price(sum?["cost"], signed: false)}, starts {sum?["starts"]}, stops {sum?["stops"]}";

    private static string Price(JsonNode? cost, bool signed) => cost is null ? "" : $" ({(signed ? Signed(cost) : cost.ToString())} USD)";

    private static string Signed(JsonNode? number) => number is null ? "?" : number.GetValue<decimal>() is > 0 and var value ? "+" + value.ToString(CultureInfo.InvariantCulture) : number.ToString();

    private static string Day(JsonNode? instant) => instant?.ToString() is { Length: > 10 } text ? text[..10] : "?";
}
