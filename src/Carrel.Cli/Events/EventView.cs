using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Output;

namespace Carrel.Cli.Events;

/// <summary>A row of the activity log, flat enough to read.</summary>
internal static class EventView
{
    private const string Provider = "Microsoft.MachineLearningServices/";

    /// <summary>The columns of <c>-o table</c>.</summary>
    public static readonly IReadOnlyList<Column> Columns =
    [
        new("TIME", "event_timestamp"), new("OPERATION", "operation"), new("STATUS", "status"), new("CALLER", "caller"), new("CAUSE", "cause"), new("MESSAGE", "message"),
    ];

    /// <summary>The view of one event.</summary>
    public static JsonObject From(JsonObject row)
    {
        var operation = Text(row["operationName"], "value");
        return new JsonObject
        {
            ["event_timestamp"] = ComputeView.Copy(row["eventTimestamp"]),
            ["operation"] = Short(operation),
            ["operation_name"] = operation,
            ["status"] = Text(row["status"], "value"),
            ["level"] = ComputeView.Copy(row["level"]),
            ["caller"] = ComputeView.Copy(row["caller"]),
            ["cause"] = Text(row["properties"], "cause"),
            ["message"] = Text(row, "description"),
            ["resource_id"] = ComputeView.Copy(row["resourceId"]),
            ["operation_id"] = ComputeView.Copy(row["operationId"]),
            ["request_id"] = Text(row["properties"], "serviceRequestId"),
            ["correlation_id"] = ComputeView.Copy(row["correlationId"]),
            ["event_data_id"] = ComputeView.Copy(row["eventDataId"]),
        };
    }

    /// <summary>The last words of an action, which say what was done: <c>computes/stop</c>.</summary>
    private static string? Short(string? action) => action is null || !action.StartsWith(Provider, StringComparison.OrdinalIgnoreCase) ? action
        : string.Join('/', action.Split('/').Where(part => part is not "action").TakeLast(2));

    private static string? Text(JsonNode? node, string member) => node is JsonObject map && map[member]?.ToString() is { Length: > 0 } text ? text : null;
}
