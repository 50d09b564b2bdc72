using System.Data;
using System.Text.Json;
using Carrel.Engine.Storage;
using Carrel.Instances.Resources;
using Carrel.Instances.Specs;
using static Carrel.Store.Engine.Columns;

namespace Carrel.Store.Engine;

/// <summary>A row of <c>instances</c>.</summary>
internal static class InstanceRow
{
    internal const string Select =
        "SELECT uid, workspace_uid, subscription_id, resource_group, workspace, name, location, family, cores, owner, owner_alias, model, state, " +
        "created_by, created_at, modified_by, modified_at, version, ssh_port FROM instances ";

    /// <exception cref="UnreadableInstanceException">It is damaged, or was written by something else.</exception>
    internal static ComputeInstance ToInstance(IDataRecord row)
    {
        try
        {
            return Of(row);
        }
        catch (Exception fault) when (fault is JsonException or FormatException or ArgumentException)
        {
            throw new UnreadableInstanceException(ToGuid(row.GetString(0)), fault);
        }
    }

    private static ComputeInstance Of(IDataRecord row) => new(
        ToGuid(row.GetString(0)),
        ToGuid(row.GetString(1)),
        AddressOf(row),
        row.GetString(6),
        ModelJson.Deserialize(row.GetString(11)),
        Read<ComputeInstanceState>(row.GetString(12)),
        Read<Principal>(row.GetString(13)),
        ToInstant(row.GetInt64(14)),
        Read<Principal>(row.GetString(15)),
        ToInstant(row.GetInt64(16)),
        ToGuid(row.GetString(9)),
        row.GetString(10),
        row.GetInt64(17)) { SshPort = row.IsDBNull(18) ? null : row.GetInt32(18) };

    /// <summary>What it holds, which stands in columns of its own: it can be read whatever the model says.</summary>
    internal static InstanceUse ToUse(IDataRecord row) => new(ToGuid(row.GetString(1)), AddressOf(row), row.GetString(7), (int)row.GetInt64(8));

    private static InstanceAddress AddressOf(IDataRecord row) => new(row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5));
}
