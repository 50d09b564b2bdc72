using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Output;

namespace Carrel.Cli.Events;

/// <summary>A row of the activity log, flat enough to read; everything else the server says is under <c>properties</c>.</summary>
internal static class EventView
{
    /// <summary>The columns of <c>-o table</c>.</summary>
    public static readonly IReadOnlyList<Column> Columns =
    [
        new("TIME", "event_timestamp"), new("OPERATION", "operation"), new("STATUS", "status"), new("CALLER", "caller"), new("CAUSE", "properties.cause"), new("MESSAGE", "properties.message"),
    ];

    /// <summary>The view of one event.</summary>
    public static JsonObject From(JsonObject row) => new()
    {
        ["event_timestamp"] = ComputeView.Copy(row["eventTimestamp"]),
        ["operation"] = Text(row["operationName"], "localizedValue") ?? Text(row["operationName"], "value"),
        ["operation_name"] = Text(row["operationName"], "value"),
        ["status"] = Text(row["status"], "value"),
        ["sub_status"] = Text(row["subStatus"], "value"),
        ["level"] = ComputeView.Copy(row["level"]),
        ["caller"] = ComputeView.Copy(row["caller"]),
        ["resource_id"] = ComputeView.Copy(row["resourceId"]),
        ["event_data_id"] = ComputeView.Copy(row["eventDataId"]),
        ["operation_id"] = ComputeView.Copy(row["operationId"]),
        ["correlation_id"] = ComputeView.Copy(row["correlationId"]),
        ["properties"] = ComputeView.Copy(row["properties"]),
    };

    private static JsonNode? Text(JsonNode? node, string member) => node is JsonObject map && map[member]?.ToString() is { Length: > 0 } text ? text : null;
}
