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
        await Change("INSERT INTO settings (name, value) VALUES ('kept', 'yes')");
        // What the older Carrel left: everything of the last script is missing.
        Migration last = MigrationScripts.All[^1];
        int before = MigrationScripts.All[^2].Number;
        string[] undo =
        [
            .. Matches(last.Sql, @"CREATE (?:UNIQUE )?INDEX (\w+)").Select(index => $"DROP INDEX {index[1]}; "),
            .. Matches(last.Sql, @"ALTER TABLE (\w+) ADD COLUMN (\w+)").Select(column => $"ALTER TABLE {column[1]} DROP COLUMN {column[2]}; "),
            .. Matches(last.Sql, @"CREATE TABLE (\w+)").Reverse().Select(table => $"DROP TABLE {table[1]}; "),
        ];
        await Change("PRAGMA foreign_keys = OFF; " + string.Concat(undo) + $"DELETE FROM schema_version WHERE number = {last.Number}");
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

    private static IEnumerable<string[]> Matches(string sql, string pattern) =>
        System.Text.RegularExpressions.Regex.Matches(sql, pattern).Select(match => match.Groups.Values.Select(group => group.Value).ToArray());

    private async Task Change(string sql)
    {
        await using SqliteDatabase database = SqliteDatabase.Open(DatabaseFile, TimeProvider.System);
        await database.WriteAsync((connection, transaction) => connection.Execute(sql, null, transaction));
    }
}
