using System.Data.Common;
using System.Globalization;
using System.Text.Json;

namespace Carrel.Simulation.Tests.Checks;

/// <summary>An instance as the database has it.</summary>
internal sealed record SeenInstance(string Uid, string Workspace, string Name, string Location, string Size, string Family, int Cores, string State, string Provisioning)
{
    /// <summary>Whether it gives its cores back when it stops.</summary>
    internal bool Releases { get; init; }

    /// <summary>After how many idle minutes it is stopped; null for never.</summary>
    internal int? IdleMinutes { get; init; }

    /// <summary>Its schedules, as text.</summary>
    internal string Planned { get; init; } = "[]";

    /// <summary>Its schedules.</summary>
    internal IReadOnlyList<SeenSchedule> Schedules => SeenSchedule.ReadAll(Planned);
}

/// <summary>An operation as the database has it.</summary>
internal sealed record SeenOperation(string Id, string Kind, string Target, string Status)
{
    /// <summary>Who or what began it.</summary>
    internal string Trigger { get; init; } = "User";

    /// <summary>When.</summary>
    internal DateTimeOffset BegunAt { get; init; }
}

/// <summary>A workspace as the database has it.</summary>
internal sealed record SeenWorkspace(string Uid, string Name, string State)
{
    /// <summary>Name of its resource group.</summary>
    internal string Group { get; init; } = "";
}

/// <summary>Everything that matters at one instant, read with SQL of its own: what it sees does not depend on the code that is tested.</summary>
internal sealed record Snapshot(
    IReadOnlyDictionary<string, SeenInstance> Instances, IReadOnlyDictionary<string, SeenOperation> Operations, IReadOnlyDictionary<string, SeenWorkspace> Workspaces)
{
    internal static Snapshot Empty { get; } = new(new Dictionary<string, SeenInstance>(), new Dictionary<string, SeenOperation>(), new Dictionary<string, SeenWorkspace>());

    private const int UsualLimit = 100;

    /// <summary>When it was taken.</summary>
    internal DateTimeOffset At { get; init; }

    /// <summary>What became of occurrences.</summary>
    internal IReadOnlyDictionary<(string, string, DateTimeOffset), SeenFiring> Firings { get; init; } = new Dictionary<(string, string, DateTimeOffset), SeenFiring>();

    /// <summary>Notices of stops, by id.</summary>
    internal IReadOnlyDictionary<string, SeenNotice> Notices { get; init; } = new Dictionary<string, SeenNotice>();

    /// <summary>State of each resource group, by name.</summary>
    internal IReadOnlyDictionary<string, string> Groups { get; init; } = new Dictionary<string, string>();

    /// <summary>Limits of all cores that somebody set, by location.</summary>
    internal IReadOnlyDictionary<string, int> Limits { get; init; } = new Dictionary<string, int>();

    /// <summary>Until when instances are kept awake.</summary>
    internal IReadOnlyDictionary<string, DateTimeOffset> KeptAwake { get; init; } = new Dictionary<string, DateTimeOffset>();

    /// <summary>Whether a location has place for so many cores more: in all, and of their family, whose limit nobody changes here.</summary>
    /// <param name="location">The location.</param>
    /// <param name="cores">Cores of the size that is asked for.</param>
    /// <param name="own">What the asking instance holds already.</param>
    internal bool HasPlace(string location, int cores, int own) => Cores(location) - own + cores <= Limit(location)
        && Instances.Values.Where(instance => instance.Location == location && IsDv2(CallRules.CoresOf(instance.Size)) == IsDv2(cores)).Sum(instance => instance.Cores) - own + cores <= UsualLimit;

    /// <summary>How many cores a location may hold.</summary>
    internal int Limit(string location) => Limits.GetValueOrDefault(location, UsualLimit);

    /// <summary>The notice of a scheduled stop, or null.</summary>
    internal SeenNotice? NoticeOf(string instance, string schedule, DateTimeOffset due) => Notices.Values.SingleOrDefault(notice =>
        notice.Kind == SeenNotice.Scheduled && notice.Instance == instance && notice.Schedule == schedule && notice.Due == due);

    /// <summary>Operations that are going on.</summary>
    internal IEnumerable<SeenOperation> Running => Operations.Values.Where(operation => operation.Status == "InProgress");

    /// <summary>The instance of that name in a workspace, or null.</summary>
    internal SeenInstance? Find(string workspace, string name) => Instances.Values.SingleOrDefault(instance => instance.Workspace == workspace && instance.Name == name);

    /// <summary>Cores in use in a location.</summary>
    internal int Cores(string location) => Instances.Values.Where(instance => instance.Location == location).Sum(instance => instance.Cores);

    internal static Snapshot Read(DbConnection connection, DbTransaction? transaction, DateTimeOffset at) => new(
        Rows(connection, transaction, "SELECT uid, workspace, name, location, model, family, cores, state, schedules FROM instances", ToInstance).ToDictionary(instance => instance.Uid),
        Rows(
            connection,
            transaction,
            "SELECT id, kind, target_uid, status, trigger, created_at FROM operations",
            row => new SeenOperation(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3)) { Trigger = row.GetString(4), BegunAt = Time(row, 5) }).ToDictionary(operation => operation.Id),
        Rows(
            connection,
            transaction,
            "SELECT uid, name, state, resource_group FROM workspaces",
            row => new SeenWorkspace(row.GetString(0), row.GetString(1), row.GetString(2)) { Group = row.GetString(3) }).ToDictionary(workspace => workspace.Uid))
    {
        At = at,
        Firings = Rows(
            connection,
            transaction,
            "SELECT instance_uid, schedule_id, due, action, outcome, decided_at, operation_id FROM firings",
            row => new SeenFiring(row.GetString(0), row.GetString(1), Time(row, 2), row.GetString(3), row.GetString(4), Time(row, 5), row.IsDBNull(6) ? null : row.GetString(6))).ToDictionary(firing => firing.Key),
        Notices = Rows(
            connection,
            transaction,
            "SELECT id, instance_uid, kind, schedule_id, due, fire_at, state, told_at, decided_at FROM stop_notices",
            row => new SeenNotice(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), Time(row, 4), Time(row, 5), row.GetString(6), Time(row, 7), row.IsDBNull(8) ? null : Time(row, 8)))
            .ToDictionary(notice => notice.Id),
        Groups = Rows(connection, transaction, "SELECT name, state FROM resource_groups", row => (row.GetString(0), row.GetString(1))).ToDictionary(),
        Limits = Rows(connection, transaction, "SELECT location, cores FROM quota_limits WHERE kind = 'TotalDedicated'", row => (row.GetString(0), row.GetInt32(1))).ToDictionary(),
        KeptAwake = Rows(connection, transaction, "SELECT instance_uid, keep_awake_until FROM idle_clocks WHERE keep_awake_until IS NOT NULL", row => (row.GetString(0), Time(row, 1))).ToDictionary(),
    };

    /// <summary>Whether nothing differs.</summary>
    internal bool Equal(Snapshot other) => Same(Instances, other.Instances) && Same(Operations, other.Operations) && Same(Workspaces, other.Workspaces)
        && Same(Firings, other.Firings) && Same(Notices, other.Notices) && Same(Groups, other.Groups) && Same(Limits, other.Limits) && Same(KeptAwake, other.KeptAwake);

    // The size with four cores is of a family of its own, the others share one.
    private static bool IsDv2(int cores) => cores == 4;

    private static bool Same<TKey, T>(IReadOnlyDictionary<TKey, T> one, IReadOnlyDictionary<TKey, T> other) =>
        one.Count == other.Count && one.All(pair => other.TryGetValue(pair.Key, out T? value) && pair.Value!.Equals(value));

    private static SeenInstance ToInstance(DbDataReader row)
    {
        using JsonDocument model = JsonDocument.Parse(row.GetString(4));
        using JsonDocument state = JsonDocument.Parse(row.GetString(7));
        return new SeenInstance(
            row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), Text(model, "VmSize"), row.GetString(5), row.GetInt32(6), Text(state, "State"), Text(state, "Provisioning"))
        {
            Releases = Find(model, "ReleaseQuotaOnStop") is { ValueKind: JsonValueKind.True },
            IdleMinutes = Find(model, "IdleMinutes") is { ValueKind: JsonValueKind.Number } minutes ? minutes.GetInt32() : null,
            Planned = row.GetString(8),
        };
    }

    private static DateTimeOffset Time(DbDataReader row, int column) => DateTimeOffset.UnixEpoch.AddTicks(row.GetInt64(column));

    private static JsonElement? Find(JsonDocument document, string name) => document.RootElement.EnumerateObject()
        .Where(member => member.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(member => (JsonElement?)member.Value).FirstOrDefault();

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
