using System.Diagnostics;
using Carrel.Store.Sqlite;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Carrel.Store.Tests;

/// <summary>What is recorded when the disk is full (contract 1.4, disk rule). The disk is a memory file system of 24 MiB, so this needs root.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const long Reserve = 4 * 1024 * 1024;

    private readonly string _disk = Directory.CreateTempSubdirectory("carrel-full-").FullName;
    private readonly Clock _time = new();

    public FullDiskTests() => Run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", _disk);

    private string ReserveFile => Path.Combine(_disk, "carrel.db.reserve");

    public void Dispose()
    {
        Run("umount", _disk);
        Directory.Delete(_disk);
    }

    [Fact]
    public async Task Changes_are_still_recorded_on_a_full_disk_from_the_reserve()
    {
        await using SqliteDatabase database = await OpenAsync();
        File.Exists(ReserveFile).ShouldBeTrue();
        FillDisk();

        for (int number = 0; number < 20; number++)
            (await InsertAsync(database, number)).ShouldBe(1);
        File.Exists(ReserveFile).ShouldBeFalse("it was given up for them");
        (await CountAsync(database)).ShouldBe(20);
    }

    [Fact]
    public async Task Without_a_reserve_left_a_full_disk_is_a_fault_that_leaves_nothing_behind()
    {
        await using SqliteDatabase database = await OpenAsync();
        FillDisk();
        await InsertAsync(database, 0);
        FillDisk();

        int number = 1;
        await Should.ThrowAsync<SqliteException>(async () =>
        {
            for (; number < 500; number++)
                await InsertAsync(database, number);
        });
        (await CountAsync(database)).ShouldBe(number);

        File.Delete(Path.Combine(_disk, "filling"));
        (await InsertAsync(database, number)).ShouldBe(1, "the writer works again as soon as there is room");
    }

    [Fact]
    public async Task A_write_that_failed_by_itself_is_not_done_after_all_when_its_group_is_repeated()
    {
        await using SqliteDatabase database = await OpenAsync();
        FillDisk();
        using var gate = new ManualResetEventSlim();
        Task<bool> first = database.WriteAsync((_, _) =>
        {
            gate.Wait();
            return true;
        });
        int runs = 0;
        Task<int> refused = database.WriteAsync<int>((_, _) => ++runs == 1 ? throw new InvalidOperationException("refused") : 1);
        Task<int> good = InsertAsync(database, 1);
        gate.Set();

        await first;
        (await Should.ThrowAsync<InvalidOperationException>(refused)).Message.ShouldBe("refused");
        (await good).ShouldBe(1);
        runs.ShouldBe(1);
    }

    [Fact]
    public async Task The_reserve_is_taken_again_when_there_is_room()
    {
        await using SqliteDatabase database = await OpenAsync();
        FillDisk();
        await InsertAsync(database, 0);
        File.Delete(Path.Combine(_disk, "filling"));

        await InsertAsync(database, 1);
        File.Exists(ReserveFile).ShouldBeFalse("looked at once a minute");
        _time.Passed = TimeSpan.FromMinutes(1);
        await InsertAsync(database, 2);
        new FileInfo(ReserveFile).Length.ShouldBe(Reserve);
    }

    private async Task<SqliteDatabase> OpenAsync()
    {
        SqliteDatabase database = SqliteDatabase.Open(Path.Combine(_disk, "carrel.db"), _time, Reserve);
        await database.WriteAsync((connection, transaction) =>
            connection.Execute("CREATE TABLE numbers (value INTEGER PRIMARY KEY, filling BLOB)", null, transaction));
        return database;
    }

    private void FillDisk()
    {
        using var file = new FileStream(Path.Combine(_disk, "filling"), FileMode.Append);
        byte[] block = new byte[64 * 1024];
        try
        {
            while (true)
            {
                file.Write(block);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static Task<int> InsertAsync(SqliteDatabase database, int number) => database.WriteAsync(
        (connection, transaction) => connection.Execute("INSERT INTO numbers VALUES (@number, randomblob(60000))", new { number }, transaction));

    private static Task<long> CountAsync(SqliteDatabase database) =>
        database.ReadAsync(connection => connection.QuerySingle<long>("SELECT COUNT(*) FROM numbers"));

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)} needs root");
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Passed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => 1 + Passed.Ticks;
    }
}
