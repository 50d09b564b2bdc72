using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;

namespace Carrel.Instances.Tests.Schedules;

/// <summary>Random triggers, with the hours, days and zones in which evaluators go wrong.</summary>
internal sealed class RandomTrigger(Random random)
{
    public static readonly string[] Zones =
    [
        "Australia/Lord_Howe", "America/Santiago", "Europe/Dublin", "Asia/Kathmandu", "Africa/Casablanca", "America/New_York", "Europe/Berlin",
        "Antarctica/Troll", "America/Havana", "Asia/Beirut", "Africa/Cairo", "Pacific/Chatham", "America/St_Johns", "Asia/Gaza", "America/Asuncion",
        "Asia/Tehran", "America/Nuuk", "Pacific/Apia", "Africa/Juba", "UTC",
    ];

    private static readonly string[] Days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    public JsonObject Cron(string zone) => new()
    {
        ["expression"] = string.Join(' ', Field(0, 59), Hour(), OrStar(1, 31), OrStar(1, 12), OrStar(0, 6)),
        ["timeZone"] = zone,
    };

    public JsonObject Recurrence(string zone)
    {
        var frequency = Pick("Minute", "Hour", "Day", "Day", "Week", "Week", "Month", "Month", "Month");
        var trigger = new JsonObject { ["frequency"] = frequency, ["timeZone"] = zone };
        if (!Chance(3))
        {
            trigger["interval"] = frequency switch
            {
                "Minute" => random.Next(1, 3000), "Hour" => random.Next(1, 200), "Day" => random.Next(1, 40), "Week" => random.Next(1, 9), _ => random.Next(1, 17),
            };
        }

        var schedule = new JsonObject();
        if (frequency is "Day" or "Week" or "Month")
        {
            Maybe(schedule, "hours", () => JsonValue.Create(Chance(2) ? random.Next(0, 5) : random.Next(0, 24)));
            Maybe(schedule, "minutes", () => JsonValue.Create(random.Next(0, 60)));
        }

        if (frequency == "Week")
        {
            Maybe(schedule, "weekDays", () => JsonValue.Create(Pick(Days)));
        }
        else if (frequency == "Month")
        {
            Maybe(schedule, "monthDays", () => JsonValue.Create(Chance(2) ? random.Next(1, 32) : -random.Next(1, 32)));
            Maybe(schedule, "monthlyOccurrences", Occurrence);
        }

        trigger["schedule"] = schedule;
        return trigger;
    }

    /// <summary>A wall time near an instant, or one a few years before it.</summary>
    public string Time(Instant near)
    {
        var wall = near.InUtc().LocalDateTime.PlusMinutes(random.Next(-20_000, 20_000)).PlusYears(Chance(3) ? -random.Next(0, 6) : 0);
        return wall.ToString("uuuu-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + (Chance(6) ? "Z" : "");
    }

    public bool Chance(int oneIn) => random.Next(oneIn) == 0;

    private T Pick<T>(params T[] items) => items[random.Next(items.Length)];

    private string Hour() => Chance(4) ? Pick("*", "*/2", "*/3", "*/5") : Chance(2) ? Field(0, 4) : Field(0, 23);

    private string OrStar(int minimum, int maximum) => Chance(2) ? "*" : Chance(6) ? $"*/{random.Next(1, 9)}" : Field(minimum, maximum);

    private string Field(int minimum, int maximum) => string.Join(',', Enumerable.Range(0, Chance(3) ? random.Next(2, 5) : 1).Select(_ => Item(minimum, maximum)));

    private string Item(int minimum, int maximum)
    {
        var first = random.Next(minimum, maximum + 1);
        var text = maximum == 6 && Chance(3) ? Days[first][..3] : first.ToString(CultureInfo.InvariantCulture);
        return random.Next(8) switch
        {
            0 or 1 => $"{text}-{random.Next(first, maximum + 1)}",
            2 => $"{text}-{random.Next(first, maximum + 1)}/{random.Next(1, 8)}",
            3 => $"{text}/{random.Next(1, 20)}",
            _ => text,
        };
    }

    private void Maybe(JsonObject schedule, string name, Func<JsonNode?> item)
    {
        if (Chance(2))
        {
            schedule[name] = new JsonArray([.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => item())]);
            if (schedule[name]!.AsArray().Count == 0 && name == "monthlyOccurrences")
            {
                schedule.Remove(name);
            }
        }
    }

    private JsonObject Occurrence()
    {
        var item = new JsonObject { ["day"] = Pick(Days) };
        if (!Chance(4))
        {
            item["occurrence"] = random.Next(1, 6) * Pick(1, -1);
        }

        return item;
    }
}
