using System.Globalization;
using Carrel.Store.Migrations;
using Microsoft.Data.Sqlite;

namespace Carrel.Store.Sqlite;

/// <summary>Brings a database file to the newest schema: one transaction per numbered script, after a copy of the whole file.</summary>
internal static class SqliteMigrator
{
    internal static void Migrate(SqliteConnection connection, string path, TimeProvider time)
    {
        SqliteDatabase.Execute(connection, "CREATE TABLE IF NOT EXISTS schema_version (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL)");
        HashSet<int> applied = Applied(connection);
        int current = applied.Count == 0 ? 0 : applied.Max();
        int newest = MigrationScripts.All.Count == 0 ? 0 : MigrationScripts.All[^1].Number;
        if (current > newest)
            throw new StoreTooNewException($"The database {path} has schema {current}, this Carrel knows {newest}: start the newer Carrel, or restore a backup of the older one.");
        // Not only what is newer: a script may have been written beside others and come later than one with a higher number.
        Migration[] missing = [.. MigrationScripts.All.Where(migration => !applied.Contains(migration.Number))];
        if (missing.Length == 0)
            return;
        if (current > 0)
            BackUp(connection, path, current, time);
        foreach (Migration migration in missing)
            Apply(connection, migration, time);
    }

    private static HashSet<int> Applied(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT number FROM schema_version";
        using SqliteDataReader reader = command.ExecuteReader();
        var applied = new HashSet<int>();
        while (reader.Read())
            applied.Add(reader.GetInt32(0));
        return applied;
    }

    private static void BackUp(SqliteConnection connection, string path, int version, TimeProvider time)
    {
        string stamp = time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string copy = $"{path}.schema-{version:0000}.{stamp}.backup";
        using SqliteCommand command = connection.CreateCommand();
        // VACUUM INTO writes a consistent copy, also of what is still in the write-ahead log.
        command.CommandText = "VACUUM INTO $copy";
        command.Parameters.AddWithValue("$copy", copy);
        command.ExecuteNonQuery();
        File.SetUnixFileMode(copy, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static void Apply(SqliteConnection connection, Migration migration, TimeProvider time)
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        using (SqliteCommand script = connection.CreateCommand())
        {
            script.Transaction = transaction;
            script.CommandText = migration.Sql;
            script.ExecuteNonQuery();
        }

        using (SqliteCommand record = connection.CreateCommand())
        {
            record.Transaction = transaction;
            record.CommandText = "INSERT INTO schema_version (number, name, applied_at) VALUES ($number, $name, $at)";
            record.Parameters.AddWithValue("$number", migration.Number);
            record.Parameters.AddWithValue("$name", migration.Name);
            record.Parameters.AddWithValue("$at", time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
            record.ExecuteNonQuery();
        }

        transaction.Commit();
    }
}
