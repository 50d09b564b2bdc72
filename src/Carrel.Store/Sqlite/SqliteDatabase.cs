using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Carrel.Store.Sqlite;

/// <summary>SQLite in WAL mode with full durability: one writer, many readers.</summary>
public sealed class SqliteDatabase : IDatabase
{
    private readonly string _connectionString;
    private readonly SqliteConnection _writerConnection;
    private readonly GroupCommitWriter _writer;

    private SqliteDatabase(string connectionString, SqliteConnection writerConnection, DiskReserve reserve)
    {
        _connectionString = connectionString;
        _writerConnection = writerConnection;
        _writer = new GroupCommitWriter(writerConnection, reserve);
    }

    /// <summary>Opens the file, brings its schema up to date (after a copy of the file, when there was one) and starts the writer.</summary>
    /// <param name="path">The database file; made when absent.</param>
    /// <param name="time">Clock for the date in a backup's name.</param>
    /// <exception cref="StoreTooNewException">The file was written by a newer Carrel.</exception>
    public static SqliteDatabase Open(string path, TimeProvider time) => Open(path, time, DiskReserve.DefaultBytes);

    internal static SqliteDatabase Open(string path, TimeProvider time, long reserve)
    {
        SystemSqlite.Use();
        // SQLite gives the files beside it the mode of the database itself.
        var create = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        new FileStream(path, create).Dispose();
        string connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            ForeignKeys = true,
            Pooling = true,
            DefaultTimeout = 30,
        }.ToString();
        var writer = new SqliteConnection(connectionString);
        try
        {
            writer.Open();
            // FULL: a commit that was answered survives a power failure (performance facts: with group commit it costs about a third).
            Execute(writer, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
            SqliteMigrator.Migrate(writer, path, time);
            return new SqliteDatabase(connectionString, writer, new DiskReserve(path + ".reserve", reserve, time));
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        // SQLite answers in microseconds from its page cache: a thread switch would cost more than the read.
        using var connection = new SqliteConnection(_connectionString);
        connection.Open();
        return Task.FromResult(read(connection));
    }

    /// <inheritdoc/>
    public Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, T> write, CancellationToken cancellation = default) =>
        _writer.RunAsync(write, cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _writerConnection.DisposeAsync();
        SqliteConnection.ClearPool(new SqliteConnection(_connectionString));
    }

    internal static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
