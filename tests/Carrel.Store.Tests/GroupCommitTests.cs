using Carrel.Store.Sqlite;
using Dapper;

namespace Carrel.Store.Tests;

/// <summary>Writes run one at a time, share commits and do not touch each other.</summary>
public sealed class GroupCommitTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("carrel-store-").FullName;
    private SqliteDatabase _database = null!;

    private string File => Path.Combine(_folder, "carrel.db");

    public async ValueTask InitializeAsync()
    {
        _database = SqliteDatabase.Open(File, TimeProvider.System);
        await _database.WriteAsync((connection, transaction) => connection.Execute("CREATE TABLE numbers (value INTEGER PRIMARY KEY)", null, transaction));
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Parallel_writes_are_all_there_when_they_return_and_after_the_file_is_opened_again()
    {
        await Task.WhenAll(Enumerable.Range(0, 2000).Select(async number =>
        {
            await Insert(number);
            (await Count("WHERE value = " + number)).ShouldBe(1);
        }));
        await _database.DisposeAsync();
        _database = SqliteDatabase.Open(File, TimeProvider.System);
        (await Count("")).ShouldBe(2000);
    }

    [Fact]
    public async Task A_failing_write_undoes_only_itself_and_only_its_caller_hears_of_it()
    {
        Task<int>[] writes = [.. Enumerable.Range(0, 300).Select(number => number % 3 == 0 ? InsertAndFail(number) : Insert(number))];
        foreach ((Task<int> write, int number) in writes.Select((write, number) => (write, number)))
        {
            if (number % 3 == 0)
                (await Should.ThrowAsync<InvalidOperationException>(write)).Message.ShouldBe("number " + number);
            else
                (await write).ShouldBe(1);
        }

        (await Count("")).ShouldBe(200);
        (await Count("WHERE value % 3 = 0")).ShouldBe(0);
    }

    [Fact]
    public async Task A_read_sees_nothing_of_a_write_that_is_not_committed()
    {
        long seen = -1;
        await _database.WriteAsync((connection, transaction) =>
        {
            connection.Execute("INSERT INTO numbers VALUES (1)", null, transaction);
            seen = Count("").GetAwaiter().GetResult();
            return true;
        });
        seen.ShouldBe(0);
        (await Count("")).ShouldBe(1);
    }

    [Fact]
    public async Task Reading_and_deciding_in_a_write_is_never_overtaken()
    {
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => _database.WriteAsync((connection, transaction) =>
        {
            long next = connection.QuerySingle<long>("SELECT COALESCE(MAX(value), 0) + 1 FROM numbers", null, transaction);
            return connection.Execute("INSERT INTO numbers VALUES (@next)", new { next }, transaction);
        }))));
        (await Count("")).ShouldBe(200);
        (await Count("WHERE value > 200")).ShouldBe(0);
    }

    [Fact]
    public async Task A_cancelled_wait_before_the_write_was_handed_over_writes_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => _database.WriteAsync((connection, transaction) => connection.Execute("INSERT INTO numbers VALUES (7)", null, transaction), cancelled.Token));
        await Insert(8);
        (await Count("WHERE value = 7")).ShouldBe(0);
    }

    [Fact]
    public async Task Writes_that_wait_when_the_store_is_closed_are_written()
    {
        Task<int>[] writes = [.. Enumerable.Range(0, 100).Select(Insert)];
        await _database.DisposeAsync();
        await Task.WhenAll(writes);
        _database = SqliteDatabase.Open(File, TimeProvider.System);
        (await Count("")).ShouldBe(100);
    }

    [Fact]
    public async Task The_file_is_in_write_ahead_mode_with_full_durability_and_foreign_keys()
    {
        (string journal, long synchronous, long keys) = await _database.WriteAsync((connection, transaction) => (
            connection.QuerySingle<string>("PRAGMA journal_mode", null, transaction),
            connection.QuerySingle<long>("PRAGMA synchronous", null, transaction),
            connection.QuerySingle<long>("PRAGMA foreign_keys", null, transaction)));
        (journal, synchronous, keys).ShouldBe(("wal", 2, 1));
    }

    [Fact]
    public async Task The_system_s_SQLite_is_used()
    {
        string version = await _database.ReadAsync(connection => connection.QuerySingle<string>("SELECT sqlite_version()"));
        Version.Parse(version).ShouldBeGreaterThanOrEqualTo(new Version(3, 40));
        System.IO.File.ReadAllText("/proc/self/maps").ShouldContain("libsqlite3.so.0");
    }

    private Task<int> Insert(int number) => _database.WriteAsync(
        (connection, transaction) => connection.Execute("INSERT INTO numbers VALUES (@number)", new { number }, transaction));

    private Task<int> InsertAndFail(int number) => _database.WriteAsync<int>((connection, transaction) =>
    {
        connection.Execute("INSERT INTO numbers VALUES (@number)", new { number }, transaction);
        throw new InvalidOperationException("number " + number);
    });

    private Task<long> Count(string where) => _database.ReadAsync(connection => connection.QuerySingle<long>("SELECT COUNT(*) FROM numbers " + where));
}
