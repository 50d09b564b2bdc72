using Carrel.Arm.Filters;
using Carrel.Engine.Events;
using NodaTime;
using NodaTime.Text;

namespace Carrel.Api.History;

/// <summary>
/// The <c>$filter</c> of the activity log (Microsoft.Insights 2015-04-01, ActivityLogs_List): a begin, perhaps an end, and one of a resource, a
/// group, a provider or a correlation id. Pure.
/// </summary>
internal sealed class ActivityLogFilter
{
    // As far as the store's clock of 100 nanoseconds can say.
    private static readonly Instant EndOfTime = Instant.FromUtc(9999, 12, 31, 23, 59, 59);

    private static readonly string[] Fields =
        ["eventTimestamp", "resourceUri", "resourceId", "resourceGroupName", "resourceProvider", "resourceType", "correlationId", "caller", "status", "operationName", "levels", "eventChannels"];

    private static readonly LocalDateTimePattern WithoutZone = LocalDateTimePattern.ExtendedIso;
    private static readonly OffsetDateTimePattern[] WithZone =
    [
        OffsetDateTimePattern.ExtendedIso,
        // The Azure CLI's own documentation writes -0500.
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss;FFFFFFFFFo<+HHmm>"),
    ];

    private readonly FilterClause[] _others;

    private ActivityLogFilter(Instant since, Instant until, FilterClause[] others) => (Since, Until, _others) = (since, until, others);

    internal Instant Since { get; }

    internal Instant Until { get; }

    /// <summary>The one resource it is about, or null.</summary>
    internal string? Resource => Value("resourceUri") ?? Value("resourceId");

    /// <summary>The one group it is about, or null.</summary>
    internal string? Group => Value("resourceGroupName");

    /// <summary>The one correlation id it is about, or null.</summary>
    internal string? CorrelationId => Value("correlationId");

    /// <summary>Reads a filter.</summary>
    /// <exception cref="Arm.Errors.ArmException">400 <c>InvalidFilter</c>.</exception>
    internal static ActivityLogFilter Read(string? text)
    {
        IReadOnlyList<FilterClause> clauses = FilterText.Parse(text);
        foreach (FilterClause clause in clauses)
        {
            if (!Fields.Contains(clause.Field, StringComparer.OrdinalIgnoreCase))
                throw FilterText.Refused($"events have no field '{clause.Field}'; there are {string.Join(", ", Fields)}");
            if (!clause.Is("eventTimestamp") && clause.Operator != FilterOperator.Equal)
                throw FilterText.Refused($"'{clause.Field}' compares with eq only");
        }

        FilterClause[] times = [.. clauses.Where(clause => clause.Is("eventTimestamp"))];
        Instant[] begins = [.. times.Where(clause => clause.Operator == FilterOperator.AtLeast).Select(clause => Time(clause.Value))];
        Instant[] ends = [.. times.Where(clause => clause.Operator == FilterOperator.AtMost).Select(clause => Time(clause.Value))];
        if (begins.Length == 0 || begins.Length + ends.Length != times.Length)
            throw FilterText.Refused("it needs a begin, such as eventTimestamp ge '2026-11-25T00:00:00Z', and may have an end with le");
        return new ActivityLogFilter(begins.Max(), ends.Append(EndOfTime).Min(), [.. clauses.Where(clause => !clause.Is("eventTimestamp"))]);
    }

    /// <summary>What the store cannot say by itself.</summary>
    internal bool Holds(StoredEvent stored) => _others.All(clause => clause.Field.ToLowerInvariant() switch
    {
        "resourceprovider" => clause.Holds(EventTarget.Of(stored.Event.Target).Provider),
        "resourcetype" => clause.Holds(EventTarget.Of(stored.Event.Target).Type),
        "caller" => clause.Holds(stored.Event.Actor.Name) || clause.Holds(stored.Event.Actor.ObjectId.ToString("D")),
        "status" => clause.Holds(EventBody.StatusOf(stored.Event)),
        "operationname" => clause.Holds(stored.Event.Action),
        "levels" => clause.Value.Split(',').Any(level => level.Trim().Equals(stored.Event.Level.ToString(), StringComparison.OrdinalIgnoreCase)),
        // The store has looked at the others; channels are all one here.
        _ => true,
    });

    private string? Value(string field) => _others.FirstOrDefault(clause => clause.Is(field))?.Value;

    // Without a zone it is UTC: so the Azure CLI writes the present.
    private static Instant Time(string text)
    {
        foreach (OffsetDateTimePattern pattern in WithZone)
        {
            if (pattern.Parse(text) is { Success: true } parsed)
                return parsed.Value.ToInstant();
        }

        return WithoutZone.Parse(text) is { Success: true } local
            ? local.Value.InUtc().ToInstant()
            : throw FilterText.Refused($"'{text}' is no time in ISO 8601, such as 2026-11-25T00:00:00Z");
    }
}
