using Carrel.Engine.Events;
using Carrel.Engine.Storage;
using Carrel.Instances.Resources;
using Carrel.Store.Engine;
using Carrel.Store.Sqlite;
using Dapper;
using NodaTime;

namespace Carrel.Store.Tests;

/// <summary>Lists and the history are cut by the store.</summary>
public sealed class ListTests : IAsyncLifetime
{
    private static readonly Principal Ann = new(Guid.NewGuid(), Guid.NewGuid(), "ann@contoso.com", "User");
    private static readonly Instant Noon = Instant.FromUtc(2026, 11, 25, 12, 0);

    private readonly string _folder = Directory.CreateTempSubdirectory("carrel-store-").FullName;
    private SqliteDatabase _database = null!;
    private EngineStore _store = null!;

    public ValueTask InitializeAsync()
    {
        _database = SqliteDatabase.Open(Path.Combine(_folder, "carrel.db"), TimeProvider.System);
        _store = new EngineStore(_database);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_part_begins_behind_a_position_and_stays_inside_its_scope()
    {
        await GroupsAsync("a%", "a_", "ab", "Ärmel", "b");
        (await ListAsync(null, 2)).ShouldBe(["a%", "a_"]);
        (await ListAsync("a_", 10)).ShouldBe(["ab", "b", "Ärmel"]);
        (await ListAsync("zz", 10)).ShouldBe(["Ärmel"], "a position need not exist");
        // A position of elsewhere shows nothing of elsewhere.
        (await _store.ReadAsync(view => view.ListResourceGroups(new ListPart(Below("s1"), Below("s0"), 1)))).ShouldHaveSingleItem().Name.ShouldBe("a%");
        (await _store.ReadAsync(view => view.ListResourceGroups(new ListPart(Below("s1"), Below("s2") + "x", 9)))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_group_counts_its_versions_keeps_its_id_and_goes()
    {
        var group = new ResourceGroup("s1", "Team", "local", new Dictionary<string, string>(), Noon);
        await WriteAsync(transaction => transaction.Save(group));
        await WriteAsync(transaction => transaction.Save(transaction.FindResourceGroup("S1", "team")! with { Deleting = true }));
        ResourceGroup read = (await _store.ReadAsync(view => view.FindResourceGroup(group.Uid)))!;
        (read.Name, read.Version, read.Deleting).ShouldBe(("Team", 2, true));
        await WriteAsync(transaction => transaction.DeleteResourceGroup(group.Uid));
        (await _store.ReadAsync(view => view.FindResourceGroup("s1", "team"))).ShouldBeNull();
    }

    [Fact]
    public async Task Events_come_newest_first_of_a_time_a_scope_a_target_or_a_correlation()
    {
        await WriteAsync(transaction =>
        {
            transaction.Append(Event(0, "/subscriptions/s1/resourceGroups/team", "c1"));
            transaction.Append(Event(1, "/subscriptions/s1/resourceGroups/team/providers/P/w/lab", "c1"));
            transaction.Append(Event(1, "/subscriptions/s1/resourceGroups/team2", "c2"));
            transaction.Append(Event(2, "/subscriptions/s10/resourceGroups/team", "c2"));
        });
        (await EventsAsync(new EventQuery("/subscriptions/S1", Noon, Noon + Duration.FromHours(1), 10))).ShouldBe([3, 2, 1]);
        (await EventsAsync(new EventQuery("/subscriptions/s1/resourcegroups/TEAM", Noon, Noon + Duration.FromHours(1), 10))).ShouldBe([2, 1]);
        (await EventsAsync(new EventQuery("/subscriptions/s1", Noon + Duration.FromMinutes(1), Noon + Duration.FromMinutes(1), 10))).ShouldBe([3, 2]);
        (await EventsAsync(new EventQuery("/", Noon, Noon, 10) { Target = "/subscriptions/s1/resourceGroups/Team" })).ShouldBe([1]);
        (await EventsAsync(new EventQuery("/subscriptions/s1", Noon, Noon + Duration.FromHours(1), 10) { CorrelationId = "c2" })).ShouldBe([3]);
        // Two of one moment: the number decides.
        (await EventsAsync(new EventQuery("/subscriptions/s1", Noon, Noon + Duration.FromHours(1), 1))).ShouldBe([3]);
        (await EventsAsync(new EventQuery("/subscriptions/s1", Noon, Noon + Duration.FromHours(1), 10) { Before = new EventPosition(Noon + Duration.FromMinutes(1), 3) })).ShouldBe([2, 1]);
    }

    [Theory]
    [InlineData("at BETWEEN 1 AND 2", "events_by_time")]
    [InlineData("at BETWEEN 1 AND 2 AND target = 'x'", "events_by_target_and_time")]
    [InlineData("at BETWEEN 1 AND 2 AND correlation_id = 'x'", "events_by_correlation")]
    public async Task The_history_is_read_through_an_index_and_not_sorted(string where, string index)
    {
        await _database.ReadAsync(connection =>
        {
            string[] steps = [.. connection.Query($"EXPLAIN QUERY PLAN SELECT * FROM events WHERE {where} ORDER BY at DESC, sequence DESC LIMIT 10")
                .Select(row => (string)((IDictionary<string, object>)row)["detail"])];
            steps.ShouldHaveSingleItem().ShouldContain(index);
            return true;
        });
    }

    private static string Below(string subscription) => $"/subscriptions/{subscription}/resourcegroups/";

    private Task GroupsAsync(params string[] names) => WriteAsync(transaction =>
    {
        foreach (string subscription in new[] { "s0", "s1", "s2" })
        {
            foreach (string name in names)
                transaction.Save(new ResourceGroup(subscription, name, "local", new Dictionary<string, string>(), Noon));
        }
    });

    private async Task<string[]> ListAsync(string? after, int limit) =>
        [.. (await _store.ReadAsync(view => view.ListResourceGroups(new ListPart(Below("S1"), after is null ? null : Below("s1") + after, limit)))).Select(group => group.Name)];

    private async Task<long[]> EventsAsync(EventQuery query) => [.. (await _store.ReadAsync(view => view.ListEvents(query))).Select(stored => stored.Sequence)];

    private static ActivityEvent Event(int minute, string target, string correlation) =>
        new(Noon + Duration.FromMinutes(minute), Ann, "action", target, "Succeeded", "User", null, "", correlation);

    private Task<bool> WriteAsync(Action<IEngineTransaction> write) => _store.WriteAsync(transaction =>
    {
        write(transaction);
        return true;
    });
}
