using Carrel.Engine.Events;
using Carrel.Instances.Resources;
using static Carrel.Store.Engine.Columns;

namespace Carrel.Store.Engine;

/// <summary>A row of <c>events</c>.</summary>
internal sealed class EventRow
{
    internal const string Select = "SELECT at, actor, action, target, outcome, cause, detail, request_id, correlation_id FROM events ";

    public long at { get; init; }
    public string actor { get; init; } = "";
    public string action { get; init; } = "";
    public string target { get; init; } = "";
    public string outcome { get; init; } = "";
    public string cause { get; init; } = "";
    public string? detail { get; init; }
    public string request_id { get; init; } = "";
    public string correlation_id { get; init; } = "";

    internal ActivityEvent ToEvent() =>
        new(ToInstant(at), Read<Principal>(actor), action, target, outcome, cause, detail, request_id, correlation_id);
}
