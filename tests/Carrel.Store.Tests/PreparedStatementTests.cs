using Carrel.Store.Engine;
using Carrel.Store.Sqlite;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Carrel.Store.Tests;

/// <summary>Statements stay prepared, and nobody notices but by the clock.</summary>
public sealed class PreparedStatementTests : IDisposable
{
    private const string Insert = "INSERT INTO numbers VALUES (@value)";

    private readonly string _folder = Directory.CreateTempSubdirectory("carrel-store-").FullName;
    private readonly PreparingConnection _connection;

    public PreparedStatementTests()
    {
        SystemSqlite.Use();
        _connection = new PreparingConnection($"Data Source={Path.Combine(_folder, "numbers.db")};Pooling=False");
        _connection.Open();
        _connection.Execute("CREATE TABLE numbers (value INTEGER PRIMARY KEY)");
    }

    public void Dispose()
    {
        _connection.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void The_same_text_is_prepared_once_and_runs_with_the_values_of_each_call()
    {
        int before = _connection.Kept;
        for (int value = 1; value <= 3; value++)
            _connection.Execute(Insert, new { value }).ShouldBe(1);
        _connection.Kept.ShouldBe(before + 1);
        _connection.Query<long>("SELECT value FROM numbers ORDER BY value").ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void The_same_text_within_itself_gets_a_statement_of_its_own()
    {
        _connection.Execute("INSERT INTO numbers VALUES (1), (2), (3)");
        List<(long, long)> pairs = [];
        foreach (long outer in Numbers())
            pairs.AddRange(Numbers().Select(inner => (outer, inner)));
        pairs.Count.ShouldBe(9);
        pairs.Distinct().Count().ShouldBe(9);
    }

    [Fact]
    public void A_statement_that_failed_runs_again()
    {
        _connection.Execute(Insert, new { value = 1 });
        Should.Throw<SqliteException>(() => _connection.Execute(Insert, new { value = 1 })).SqliteErrorCode.ShouldBe(19);
        _connection.Execute(Insert, new { value = 2 }).ShouldBe(1);
        Should.Throw<InvalidOperationException>(() => _connection.Execute(Insert, new { other = 1 }));
        _connection.Execute(Insert, new { value = 3 }).ShouldBe(1);
    }

    [Fact]
    public void A_reader_that_was_left_holds_nothing_up()
    {
        _connection.Execute("INSERT INTO numbers VALUES (1), (2), (3)");
        Numbers().First().ShouldBe(1);
        using var other = new SqliteConnection(_connection.ConnectionString + ";Default Timeout=1");
        other.Open();
        other.Execute("DELETE FROM numbers WHERE value > 1");
        Numbers().ShouldBe([1]);
    }

    [Fact]
    public void Texts_without_end_are_not_all_kept()
    {
        for (int value = 1; value <= 600; value++)
            _connection.Execute($"INSERT INTO numbers VALUES ({value})");
        _connection.Kept.ShouldBeLessThanOrEqualTo(512);
        _connection.Query<long>("SELECT COUNT(*) FROM numbers").Single().ShouldBe(600);
    }

    [Fact]
    public async Task The_oldest_waiting_operation_is_found_without_sorting_all_that_wait()
    {
        await using SqliteDatabase database = SqliteDatabase.Open(Path.Combine(_folder, "carrel.db"), TimeProvider.System);
        string[] plan = await database.WriteAsync((connection, transaction) => connection.Query<(long, long, long, string Detail)>(
            "EXPLAIN QUERY PLAN " + EngineTransaction.ClaimStatement, new { owner = "", now = 0L, until = 0L }, transaction).Select(row => row.Detail).ToArray());
        plan.ShouldContain(detail => detail.Contains("operations_waiting", StringComparison.Ordinal));
        plan.ShouldNotContain(detail => detail.Contains("TEMP B-TREE", StringComparison.Ordinal));
    }

    private IEnumerable<long> Numbers() => _connection.Query<long>("SELECT value FROM numbers ORDER BY value", buffered: false);
}
