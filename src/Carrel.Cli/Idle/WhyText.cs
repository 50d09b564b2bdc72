using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Carrel.Cli.Idle;

/// <summary>An explanation as a person reads it.</summary>
internal static class WhyText
{
    /// <summary>The text; times are UTC.</summary>
    public static string Write(JsonObject explanation)
    {
        var text = new StringBuilder();
        var now = Time(explanation["now"]) ?? DateTimeOffset.UnixEpoch;
        var name = Word(explanation["name"]);
        text.Append(CultureInfo.InvariantCulture, $"{name} is {Word(explanation["state"])}. {Word(explanation["reason"])}\n");
        if (Time(explanation["keepAwakeUntil"]) is { } awake)
            text.Append(CultureInfo.InvariantCulture, $"Kept awake until {Shown(awake)} ({ShortDuration.Away(awake, now)}) by {Word(explanation["keepAwakeBy"])}.\n");
        Signals(text, explanation, now);
        Next(text, explanation, now, name);
        OffTheTable(text, explanation, now);
        Last(text, explanation["lastAutomaticAction"] as JsonObject, now);
        return text.ToString();
    }

    private static void Signals(StringBuilder text, JsonObject explanation, DateTimeOffset now)
    {
        if (explanation["signals"] is not JsonArray { Count: > 0 } signals)
            return;
        text.Append(CultureInfo.InvariantCulture, $"\nWhat it does{(Time(explanation["seenAt"]) is { } seen ? $", seen {ShortDuration.Away(seen, now)}" : "")}\n");
        foreach (var signal in signals.OfType<JsonObject>())
            text.Append(CultureInfo.InvariantCulture, $"  {Line(signal, now)}\n");
    }

    private static string Line(JsonObject signal, DateTimeOffset now)
    {
        var (active, counts) = (IsTrue(signal["active"]), IsTrue(signal["counts"]));
        var name = signal["name"] is { } given ? $"{Word(signal["kind"])} {given}" : Word(signal["kind"]);
        var last = active ? "active now" : Time(signal["lastActivity"]) is { } at ? $"last active {ShortDuration.Away(at, now)}" : "not active";
        return $"{(active && counts ? '*' : ' ')} {name}: {Word(signal["detail"])}; {last}{(counts ? "" : "; does not count here")}";
    }

    private static void Next(StringBuilder text, JsonObject explanation, DateTimeOffset now, string name)
    {
        text.Append("\nWhat happens next\n");
        if (explanation["next"] is not JsonArray { Count: > 0 } next)
        {
            text.Append("  Nothing by itself.\n");
            return;
        }

        foreach (var action in next.OfType<JsonObject>())
        {
            var at = Time(action["at"]) ?? now;
            var isIdle = Word(action["trigger"]) == "IdleShutdown";
            var by = isIdle ? "unless it is used before" : $"by the schedule {Word(action["schedule"] ?? action["scheduleId"])}";
            text.Append(CultureInfo.InvariantCulture, $"  {Shown(at)} ({ShortDuration.Away(at, now)}): {Word(action["action"])}, {by}\n");
            if (isIdle)
                text.Append(CultureInfo.InvariantCulture, $"    To keep it up: carrel keep-awake {name} 2h\n");
            if (IsAnnounced(explanation, action))
                text.Append(CultureInfo.InvariantCulture, $"    Announced. To put it off: carrel compute snooze {name}; to take it back: carrel compute dismiss {name}\n");
        }
    }

    // Of all that comes, the stop that the latest notice is about.
    private static bool IsAnnounced(JsonObject explanation, JsonObject action) =>
        explanation["notice"] is JsonObject notice && Word(notice["state"]) is "Pending" or "Snoozed"
        && Word(action["action"]) == "Stop" && Time(action["at"]) is { } at && Time(notice["fireAt"]) is { } fireAt && (at - fireAt).Duration() < TimeSpan.FromSeconds(10);

    // A stop that was announced and does not come at its time.
    private static void OffTheTable(StringBuilder text, JsonObject explanation, DateTimeOffset now)
    {
        if (explanation["notice"] is JsonObject notice && notice["ending"] is { } ending && Time(notice["fireAt"]) is { } at && at > now && !Comes(explanation, at))
            text.Append(CultureInfo.InvariantCulture, $"  Not the stop that was announced for {Shown(at)}: {ending}\n");
    }

    // Whether a stop comes at that time after all: of an instance that is off now and is started before.
    private static bool Comes(JsonObject explanation, DateTimeOffset at) => (explanation["next"] as JsonArray ?? []).OfType<JsonObject>()
        .Any(action => Word(action["action"]) == "Stop" && Time(action["at"]) == at);

    private static void Last(StringBuilder text, JsonObject? last, DateTimeOffset now)
    {
        text.Append("\nWhat was done last by itself\n");
        if (last is null)
        {
            text.Append("  Nothing yet.\n");
            return;
        }

        var at = Time(last["at"]) ?? now;
        var action = Word(last["action"]).Split('/') is [.., var verb, "action"] ? verb : Word(last["action"]);
        text.Append(CultureInfo.InvariantCulture, $"  {Shown(at)} ({ShortDuration.Away(at, now)}): {action} by {(Word(last["trigger"]) == "Schedule" ? "schedule" : "the idle rule")}: {Word(last["outcome"])}\n");
        if (last["reason"] is { } reason)
            text.Append(CultureInfo.InvariantCulture, $"    {reason}\n");
        if ((last["evidence"] as JsonObject)?["signals"] is JsonArray { Count: > 0 } signals)
        {
            text.Append("    What was seen then:\n");
            foreach (var signal in signals.OfType<JsonObject>())
                text.Append(CultureInfo.InvariantCulture, $"      {Line(signal, now)}\n");
        }
    }

    private static string Shown(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(JsonNode? node) =>
        node is not null && DateTimeOffset.TryParse(node.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    private static bool IsTrue(JsonNode? node) => node is JsonValue value && value.TryGetValue(out bool flag) && flag;

    private static string Word(JsonNode? node) => node?.ToString() ?? "";
}
