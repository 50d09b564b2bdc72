using System.Text.Json;
using System.Text.Json.Nodes;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Schedule;

/// <summary>The trigger that flags describe, in the form of a request.</summary>
internal static class TriggerJson
{
    /// <summary>Puts flags together; a flag wins over the same member of <c>--recurrence</c>.</summary>
    /// <exception cref="CliException">The recurrence is no JSON object.</exception>
    public static JsonElement From(string? cron, string? recurrence, string? zone, string? start, string? end)
    {
        try
        {
            var trigger = recurrence is null ? new JsonObject { ["expression"] = cron } : JsonNode.Parse(recurrence) as JsonObject ?? throw NoObject(null);
            foreach (var (name, value) in new[] { ("timeZone", zone), ("startTime", start), ("endTime", end) })
            {
                if (value is not null)
                {
                    trigger.Remove(name);
                    trigger[name] = value;
                }
            }
            using var document = JsonDocument.Parse(trigger.ToJsonString());
            return document.RootElement.Clone();
        }
        catch (Exception problem) when (problem is JsonException or ArgumentException or InvalidOperationException)
        {
            // Besides bad JSON: a member given twice, or half a surrogate pair.
            throw NoObject(problem);
        }
    }

    private static CliException NoObject(Exception? problem) => new(
        ExitCode.Usage, """'--recurrence' must be a JSON object, such as {"frequency":"Week","interval":1,"schedule":{"weekDays":["Monday"],"hours":[18]}}.""", problem);
}
