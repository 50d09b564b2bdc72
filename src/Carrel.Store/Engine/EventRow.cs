using Carrel.Engine.Events;
using Carrel.Instances.Resources;
using static Carrel.Store.Engine.Columns;

namespace Carrel.Store.Engine;

/// <summary>A row of <c>events</c>.</summary>
internal sealed class EventRow
{
    internal const string Select =
        "SELECT sequence, at, actor, action, target, outcome, cause, detail, request_id, correlation_id, resource_id, level, operation_id, client_request_id, user_agent FROM events ";

    public long sequence { get; init; }
    public long at { get; init; }
    public string actor { get; init; } = "";
    public string action { get; init; } = "";
    public string target { get; init; } = "";
    public string outcome { get; init; } = "";
    public string cause { get; init; } = "";
    public string? detail { get; init; }
    public string request_id { get; init; } = "";
    public string correlation_id { get; init; } = "";
    public string? resource_id { get; init; }
    public string level { get; init; } = "";
    public string? operation_id { get; init; }
    public string? client_request_id { get; init; }
    public string? user_agent { get; init; }

    internal StoredEvent ToStored() => new(sequence, ToEvent());

    internal ActivityEvent ToEvent() =>
        new(ToInstant(at), Read<Principal>(actor), action, resource_id ?? target, outcome, cause, detail, request_id, correlation_id)
        {
            Level = ToEnum<EventLevel>(level),
            OperationId = operation_id is null ? null : ToGuid(operation_id),
            ClientRequestId = client_request_id,
            UserAgent = user_agent,
        };
}
