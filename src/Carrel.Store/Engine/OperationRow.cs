using Carrel.Engine.Events;
using Carrel.Engine.Operations;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using static Carrel.Store.Engine.Columns;

namespace Carrel.Store.Engine;

/// <summary>A row of <c>operations</c>.</summary>
internal sealed class OperationRow
{
    internal const string Names =
        "id, kind, trigger, target_uid, target, subscription_id, status, step, previous_state, started_by, correlation_id, created_at, ended_at, error_code, error_message, origin";

    internal const string Select = "SELECT " + Names + " FROM operations ";

    public string id { get; init; } = "";
    public string kind { get; init; } = "";
    public string trigger { get; init; } = "";
    public string target_uid { get; init; } = "";
    public string target { get; init; } = "";
    public string subscription_id { get; init; } = "";
    public string status { get; init; } = "";
    public string? step { get; init; }
    public string? previous_state { get; init; }
    public string started_by { get; init; } = "";
    public string correlation_id { get; init; } = "";
    public long created_at { get; init; }
    public long? ended_at { get; init; }
    public string? error_code { get; init; }
    public string? error_message { get; init; }
    public string? origin { get; init; }

    internal Operation ToOperation() => new(
        ToGuid(id),
        ToEnum<OperationKind>(kind),
        ToEnum<OperationTrigger>(trigger),
        ToGuid(target_uid),
        target,
        subscription_id,
        ToEnum<OperationStatus>(status),
        step,
        previous_state is null ? null : ToEnum<InstanceState>(previous_state),
        Read<Principal>(started_by),
        correlation_id,
        ToInstant(created_at),
        ended_at is { } ended ? ToInstant(ended) : null,
        error_code is null ? null : new InstanceError(error_code, error_message ?? ""))
    {
        Origin = origin is null ? RequestOrigin.None : Read<RequestOrigin>(origin),
    };
}
