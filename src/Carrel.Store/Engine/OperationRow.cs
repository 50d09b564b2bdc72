using System.Data;
using Carrel.Engine.Events;
using Carrel.Engine.Operations;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using static Carrel.Store.Engine.Columns;

namespace Carrel.Store.Engine;

/// <summary>A row of <c>operations</c>.</summary>
internal static class OperationRow
{
    internal const string Names =
        "id, kind, trigger, target_uid, target, subscription_id, status, step, previous_state, started_by, correlation_id, created_at, ended_at, error_code, error_message, origin";

    internal const string Select = "SELECT " + Names + " FROM operations ";

    internal static Operation ToOperation(IDataRecord row) => new(
        ToGuid(row.GetString(0)),
        ToEnum<OperationKind>(row.GetString(1)),
        ToEnum<OperationTrigger>(row.GetString(2)),
        ToGuid(row.GetString(3)),
        row.GetString(4),
        row.GetString(5),
        ToEnum<OperationStatus>(row.GetString(6)),
        TextOrNull(row, 7),
        TextOrNull(row, 8) is { } previous ? ToEnum<InstanceState>(previous) : null,
        Read<Principal>(row.GetString(9)),
        row.GetString(10),
        ToInstant(row.GetInt64(11)),
        InstantOrNull(row, 12),
        TextOrNull(row, 13) is { } code ? new InstanceError(code, TextOrNull(row, 14) ?? "") : null)
    {
        Origin = TextOrNull(row, 15) is { } origin ? Read<RequestOrigin>(origin) : RequestOrigin.None,
    };
}
