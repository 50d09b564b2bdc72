using System.Security.Cryptography;
using Carrel.Store.Migrations;
using Carrel.Store.Sqlite;
using Dapper;

namespace Carrel.Store.Tests;

/// <summary>The schema is brought up to date, once, and never down.</summary>
public sealed class MigrationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("carrel-store-").FullName;

    private string DatabaseFile => Path.Combine(_folder, "carrel.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_fresh_file_gets_every_script_and_a_second_opening_changes_nothing()
    {
        for (int opening = 0; opening < 2; opening++)
        {
            await using SqliteDatabase database = SqliteDatabase.Open(DatabaseFile, TimeProvider.System);
            string[] names = await database.ReadAsync(connection => connection.Query<string>("SELECT name FROM schema_version ORDER BY number").ToArray());
            names.ShouldBe(MigrationScripts.All.Select(migration => migration.Name));
        }

        Directory.GetFiles(_folder, "*.backup").ShouldBeEmpty();
    }

    [Fact]
    public void Scripts_are_numbered_from_one_without_gaps() =>
        MigrationScripts.All.Select(migration => migration.Number).ShouldBe(Enumerable.Range(1, MigrationScripts.All.Count));

    [Fact]
    public async Task A_database_of_a_newer_Carrel_is_refused_and_left_untouched()
    {
        await Change("INSERT INTO schema_version (number, name, applied_at) VALUES (9999, '9999_future.sql', '')");
        byte[] before = SHA256.HashData(await File.ReadAllBytesAsync(DatabaseFile));
        StoreTooNewException refusal = Should.Throw<StoreTooNewException>(() => SqliteDatabase.Open(DatabaseFile, TimeProvider.System));
        refusal.Message.ShouldContain("9999");
        SHA256.HashData(await File.ReadAllBytesAsync(DatabaseFile)).ShouldBe(before);
        Directory.GetFiles(_folder, "*.backup").ShouldBeEmpty();
    }

    [Fact]
    public async Task An_upgrade_writes_a_readable_backup_first_that_only_its_owner_can_read()
    {
        Migration last = MigrationScripts.All[^1];
        int before = MigrationScripts.All[^2].Number;
        MakeOlder(before);
        ChangeOlder("INSERT INTO settings (name, value) VALUES ('kept', 'yes')");
        await using (SqliteDatabase upgraded = SqliteDatabase.Open(DatabaseFile, TimeProvider.System))
        {
            (await upgraded.ReadAsync(connection => connection.QuerySingle<long>("SELECT MAX(number) FROM schema_version"))).ShouldBe(last.Number);
            (await upgraded.ReadAsync(connection => connection.QuerySingle<string>("SELECT value FROM settings WHERE name = 'kept'"))).ShouldBe("yes");
        }

        string backup = Directory.GetFiles(_folder, "*.backup").ShouldHaveSingleItem();
        Path.GetFileName(backup).ShouldStartWith($"carrel.db.schema-{before:0000}.");
        File.GetUnixFileMode(backup).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var copy = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={backup};Pooling=False");
        copy.Open();
        copy.QuerySingle<long>("SELECT MAX(number) FROM schema_version").ShouldBe(before);
        copy.QuerySingle<string>("SELECT value FROM settings WHERE name = 'kept'").ShouldBe("yes");
        copy.QuerySingle<string>("PRAGMA integrity_check").ShouldBe("ok");
    }

    [Fact]
    public async Task Instances_of_an_older_Carrel_are_found_by_their_subnet()
    {
        MakeOlder(2);
        ChangeOlder("""
            INSERT INTO workspaces VALUES ('w', '/w', 's', 'g', 'lab', 'local', '{}', 'Succeeded', '{}', 0, '{}', 0, 1);
            INSERT INTO instances VALUES ('a', 'w', '/a', 'local/a', 's', 'g', 'lab', 'a', 'local', 'f', 4, 'o', 'ann', '{"vmSize":"x","subnetId":"/Net/Desks"}', '{}', '{}', 0, '{}', 0, 1);
            INSERT INTO instances VALUES ('b', 'w', '/b', 'local/b', 's', 'g', 'lab', 'b', 'local', 'f', 4, 'o', 'ann', '{"vmSize":"x"}', '{}', '{}', 0, '{}', 0, 1);
            """);
        await using SqliteDatabase upgraded = SqliteDatabase.Open(DatabaseFile, TimeProvider.System);
        (await upgraded.ReadAsync(connection => connection.Query<string?>("SELECT subnet FROM instances ORDER BY uid").ToArray())).ShouldBe(["/net/desks", null]);
    }

    // What an older Carrel left: only the first scripts have run.
    private void MakeOlder(int lastNumber)
    {
        ChangeOlder("CREATE TABLE IF NOT EXISTS schema_version (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL)");
        foreach (Migration script in MigrationScripts.All.Where(script => script.Number <= lastNumber))
            ChangeOlder($"{script.Sql}; INSERT INTO schema_version (number, name, applied_at) VALUES ({script.Number}, '{script.Name}', '')");
    }

    private void ChangeOlder(string sql)
    {
        SystemSqlite.Use();
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={DatabaseFile};Pooling=False");
        connection.Open();
        connection.Execute(sql);
    }

    private async Task Change(string sql)
    {
        await using SqliteDatabase database = SqliteDatabase.Open(DatabaseFile, TimeProvider.System);
        await database.WriteAsync((connection, transaction) => connection.Execute(sql, null, transaction));
    }
}
