using System.Security.Cryptography;
using Carrel.Instances.Resources;
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
    public void Scripts_are_numbered_upwards_from_one_each_number_once()
    {
        int[] numbers = [.. MigrationScripts.All.Select(migration => migration.Number)];
        numbers[0].ShouldBe(1);
        numbers.ShouldBe(numbers.Distinct().Order());
    }

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

    [Fact]
    public async Task Identities_of_an_older_Carrel_become_principals_and_resources()
    {
        const string own = "99999999-0000-0000-0000-000000000001", principal = "99999999-0000-0000-0000-000000000002", client = "99999999-0000-0000-0000-000000000003";
        MakeOlder(5);
        ChangeOlder($$"""
            INSERT INTO resource_groups (key, subscription_id, name, location, tags, created_at, uid, state, version) VALUES ('/subscriptions/s/resourcegroups/team', 's', 'Team', 'east', '{}', 0, 'g', 'Succeeded', 1);
            INSERT INTO user_identities VALUES ('/subscriptions/s/resourcegroups/team/providers/microsoft.managedidentity/userassignedidentities/robot_1',
                '/subscriptions/s/resourceGroups/Team/providers/Microsoft.ManagedIdentity/userAssignedIdentities/Robot_1', '{{principal}}', '{{client}}', 7);
            INSERT INTO workspaces (uid, key, subscription_id, resource_group, name, location, body, state, created_by, created_at, modified_by, modified_at, version)
                VALUES ('w', '/w', 's', 'g', 'lab', 'local', '{}', 'Succeeded', '{}', 0, '{}', 0, 1);
            INSERT INTO instances (uid, workspace_uid, key, region_key, subscription_id, resource_group, workspace, name, location, family, cores, owner, owner_alias, model, state, created_by, created_at, modified_by, modified_at, version)
                VALUES ('i', 'w', '/a', 'local/a', 's', 'g', 'lab', 'desk', 'local', 'f', 4, 'o', 'ann', '{}', '{"State":"Running","SystemIdentityPrincipalId":"{{own}}"}', '{}', 3, '{}', 0, 1),
                       ('j', 'w', '/b', 'local/b', 's', 'g', 'lab', 'plain', 'local', 'f', 4, 'o', 'ann', '{}', '{"State":"Running"}', '{}', 3, '{}', 0, 1);
            """);
        await using SqliteDatabase upgraded = SqliteDatabase.Open(DatabaseFile, TimeProvider.System);
        (string Object, string Name, string Kind, string? Instance)[] principals = await upgraded.ReadAsync(connection =>
            connection.Query<(string, string, string, string?)>("SELECT object_id, display_name, kind, instance_uid FROM service_principals ORDER BY object_id").ToArray());
        principals.ShouldBe([(own, "/lab/computes/desk", "ManagedIdentity", "i"), (principal, "Robot_1", "ManagedIdentity", null)]);
        foreach (string id in await upgraded.ReadAsync(connection => connection.Query<string>("SELECT client_id FROM service_principals").ToArray()))
            Guid.TryParseExact(id, "D", out _).ShouldBeTrue(id);
        UserAssignedIdentity identity = (await new Engine.EngineStore(upgraded).ReadAsync(view =>
            view.FindIdentity("/subscriptions/S/resourceGroups/team/providers/Microsoft.ManagedIdentity/userAssignedIdentities/robot_1")))!;
        (identity.Location, identity.Ids.ClientId.ToString(), identity.Version).ShouldBe(("east", client, 1));
    }

    [Fact]
    public async Task A_script_that_arrives_after_one_with_a_higher_number_runs_all_the_same()
    {
        MakeOlder(MigrationScripts.All[^1].Number, except: 6);
        await using SqliteDatabase upgraded = SqliteDatabase.Open(DatabaseFile, TimeProvider.System);
        (await upgraded.ReadAsync(connection => connection.QuerySingle<long>("SELECT COUNT(*) FROM role_definitions"))).ShouldBe(0);
        (await upgraded.ReadAsync(connection => connection.Query<int>("SELECT number FROM schema_version ORDER BY number").ToArray())).ShouldBe(MigrationScripts.All.Select(script => script.Number));
    }

    // What an older Carrel left: only the first scripts have run.
    private void MakeOlder(int lastNumber, int? except = null)
    {
        ChangeOlder("CREATE TABLE IF NOT EXISTS schema_version (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL)");
        foreach (Migration script in MigrationScripts.All.Where(script => script.Number <= lastNumber && script.Number != except))
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
