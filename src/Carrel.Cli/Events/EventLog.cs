namespace Carrel.Cli.Events;

/// <summary>The activity log's route, which takes its question as an OData filter.</summary>
internal static class EventLog
{
    private const string ApiVersion = "2015-04-01";

    /// <summary>Path and query of the events of one resource.</summary>
    /// <param name="subscription">Path of the subscription.</param>
    /// <param name="resource">Resource id, not escaped.</param>
    /// <param name="range">From when to when.</param>
    public static string Path(string subscription, string resource, TimeRange range)
    {
        var filter = $"eventTimestamp ge '{TimeRange.Text(range.Start)}' and eventTimestamp le '{TimeRange.Text(range.End)}' "
            + $"and resourceUri eq '{resource.Replace("'", "''", StringComparison.Ordinal)}'";
        return $"{subscription}/providers/Microsoft.Insights/eventtypes/management/values?api-version={ApiVersion}&$filter={Uri.EscapeDataString(filter)}";
    }
}
