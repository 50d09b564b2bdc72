using System.Data.Common;
using System.Globalization;
using System.Text.Json;

namespace Carrel.Simulation.Tests.Checks;

/// <summary>An instance as the database has it.</summary>
internal sealed record SeenInstance(string Uid, string Workspace, string Name, string Location, string Size, string Family, int Cores, string State, string Provisioning);

/// <summary>An operation as the database has it.</summary>
internal sealed record SeenOperation(string Id, string Kind, string Target, string Status);

/// <summary>A workspace as the database has it.</summary>
internal sealed record SeenWorkspace(string Uid, string Name, string State);

/// <summary>Everything that matters at one instant, read with SQL of its own: what it sees does not depend on the code that is tested.</summary>
internal sealed record Snapshot(
    IReadOnlyDictionary<string, SeenInstance> Instances, IReadOnlyDictionary<string, SeenOperation> Operations, IReadOnlyDictionary<string, SeenWorkspace> Workspaces)
{
    internal static Snapshot Empty { get; } = new(new Dictionary<string, SeenInstance>(), new Dictionary<string, SeenOperation>(), new Dictionary<string, SeenWorkspace>());

    /// <summary>Operations that are going on.</summary>
    internal IEnumerable<SeenOperation> Running => Operations.Values.Where(operation => operation.Status == "InProgress");

    /// <summary>The instance of that name in a workspace, or null.</summary>
    internal SeenInstance? Find(string workspace, string name) => Instances.Values.SingleOrDefault(instance => instance.Workspace == workspace && instance.Name == name);

    /// <summary>Cores in use in a location.</summary>
    internal int Cores(string location) => Instances.Values.Where(instance => instance.Location == location).Sum(instance => instance.Cores);

    internal static Snapshot Read(DbConnection connection, DbTransaction? transaction) => new(
        Rows(connection, transaction, "SELECT uid, workspace, name, location, model, family, cores, state FROM instances", ToInstance).ToDictionary(instance => instance.Uid),
        Rows(connection, transaction, "SELECT id, kind, target_uid, status FROM operations", row => new SeenOperation(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3)))
            .ToDictionary(operation => operation.Id),
        Rows(connection, transaction, "SELECT uid, name, state FROM workspaces", row => new SeenWorkspace(row.GetString(0), row.GetString(1), row.GetString(2))).ToDictionary(workspace => workspace.Uid));

    /// <summary>Whether nothing differs.</summary>
    internal bool Equal(Snapshot other) => Same(Instances, other.Instances) && Same(Operations, other.Operations) && Same(Workspaces, other.Workspaces);

    private static bool Same<T>(IReadOnlyDictionary<string, T> one, IReadOnlyDictionary<string, T> other) =>
        one.Count == other.Count && one.All(pair => other.TryGetValue(pair.Key, out T? value) && pair.Value!.Equals(value));

    private static SeenInstance ToInstance(DbDataReader row)
    {
        using JsonDocument model = JsonDocument.Parse(row.GetString(4));
        using JsonDocument state = JsonDocument.Parse(row.GetString(7));
        return new SeenInstance(
            row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), Text(model, "VmSize"), row.GetString(5), row.GetInt32(6), Text(state, "State"), Text(state, "Provisioning"));
    }

    private static string Text(JsonDocument document, string name) => document.RootElement.EnumerateObject()
        .First(member => member.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value.ToString();

    private static List<T> Rows<T>(DbConnection connection, DbTransaction? transaction, string sql, Func<DbDataReader, T> read)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        using DbDataReader reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    public override string ToString() => string.Join(", ", Instances.Values.Select(instance => string.Create(
        CultureInfo.InvariantCulture, $"{instance.Workspace}/{instance.Name} {instance.State} [{string.Join(' ', Running.Where(running => running.Target == instance.Uid).Select(running => running.Kind))}]")));
}
