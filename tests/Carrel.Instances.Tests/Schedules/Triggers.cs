using System.Text.Json;
using System.Text.Json.Nodes;
using Carrel.Instances.Schedules;
using NodaTime;
using NodaTime.Text;
using Shouldly;

namespace Carrel.Instances.Tests.Schedules;

/// <summary>Triggers of tests, read the way a request is.</summary>
internal static class Triggers
{
    public static Instant At(string utc) => InstantPattern.General.Parse(utc).GetValueOrThrow();

    public static FiringTimes Cron(string expression, string zone = "UTC", string? start = null, string? end = null, string saved = "2020-01-01T00:00:00Z")
    {
        var cron = new JsonObject { ["expression"] = expression, ["timeZone"] = zone, ["startTime"] = start, ["endTime"] = end };
        return Good(TriggerTrial.Cron(JsonSerializer.SerializeToElement(cron), At(saved)));
    }

    public static FiringTimes Recurrence(string json, string saved = "2020-01-01T00:00:00Z") =>
        Good(TriggerTrial.Recurrence(JsonSerializer.SerializeToElement(JsonNode.Parse(json)), At(saved)));

    public static string[] After(this FiringTimes times, string after, int count)
    {
        var found = new List<string>();
        for (var next = times.Next(At(after)); next is { } at && found.Count < count; next = times.Next(at))
        {
            found.Add(InstantPattern.General.Format(at));
        }

        return [.. found];
    }

    private static FiringTimes Good(TriggerReading reading)
    {
        reading.Findings.ShouldBeEmpty();
        return reading.Times!;
    }
}
