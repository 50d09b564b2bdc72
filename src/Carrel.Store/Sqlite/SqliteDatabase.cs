using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Carrel.Store.Sqlite;

/// <summary>SQLite in WAL mode with full durability: one writer, many readers.</summary>
public sealed class SqliteDatabase : IDatabase
{
    private readonly string _connectionString;
    private readonly ConcurrentBag<PreparingConnection> _readers = [];
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
            // Those that read are kept here, with their statements.
            Pooling = false,
            DefaultTimeout = 30,
        }.ToString();
        var writer = new PreparingConnection(connectionString);
        try
        {
            writer.Open();
            // FULL: a commit that was answered survives a power failure (performance facts: with group commit it costs about a third). A group's pages, and what its
            // savepoints keep to undo one write, stay in memory until the commit; the log is carried over every 16 MiB. Measured with ten thousand firings at once:
            // a sixth of the bytes and a seventh of the system calls.
            Execute(writer, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=4000;");
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
        PreparingConnection connection = _readers.TryTake(out PreparingConnection? kept) ? kept : OpenReader();
        try
        {
            T result = read(connection);
            _readers.Add(connection);
            return Task.FromResult(result);
        }
        catch
        {
            // Nobody asks what it was in the middle of.
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, T> write, CancellationToken cancellation = default) =>
        _writer.RunAsync(write, cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _writerConnection.DisposeAsync();
        while (_readers.TryTake(out PreparingConnection? reader))
            await reader.DisposeAsync();
    }

    private PreparingConnection OpenReader()
    {
        var connection = new PreparingConnection(_connectionString);
        connection.Open();
        return connection;
    }

    internal static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
