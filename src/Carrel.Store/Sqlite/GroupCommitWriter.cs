using System.Data.Common;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Carrel.Store.Sqlite;

/// <summary>
/// Runs writes one after the other on one connection. Everything that waits when a transaction begins goes into it, each write behind a
/// savepoint of its own, so that one flush to disk serves many callers and a failing write undoes only itself. When the disk is full, the
/// group runs once more on the space that was kept for it.
/// </summary>
internal sealed class GroupCommitWriter : IAsyncDisposable
{
    // Bounds how long the first caller of a group waits for the last one.
    private const int LargestGroup = 256;

    private const int DiskIsFull = 13;

    private readonly SqliteConnection _connection;
    private readonly DiskReserve _reserve;
    private readonly Channel<Write> _writes = Channel.CreateBounded<Write>(new BoundedChannelOptions(4096) { SingleReader = true });
    private readonly Task _loop;

    internal GroupCommitWriter(SqliteConnection connection, DiskReserve reserve)
    {
        _connection = connection;
        _reserve = reserve;
        _loop = Task.Factory.StartNew(RunLoop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    internal async Task<T> RunAsync<T>(Func<DbConnection, DbTransaction, T> write, CancellationToken cancellation)
    {
        var item = new Write<T>(write);
        await _writes.Writer.WriteAsync(item, cancellation);
        // Once handed over it will happen: cancelling the wait must not leave the caller believing that it did not.
        return await item.Completion;
    }

    public async ValueTask DisposeAsync()
    {
        _writes.Writer.TryComplete();
        await _loop;
    }

    private void RunLoop()
    {
        var group = new List<Write>(LargestGroup);
        while (_writes.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            group.Clear();
            while (group.Count < LargestGroup && _writes.Reader.TryRead(out Write? write))
                group.Add(write);
            _reserve.Keep();
            Commit(group);
        }
    }

    private void Commit(List<Write> group)
    {
        try
        {
            try
            {
                RunAll(group);
            }
            catch (SqliteException fault) when (fault.SqliteErrorCode == DiskIsFull && _reserve.Release())
            {
                RunAll(group);
            }
        }
        catch (Exception fault)
        {
            // The commit itself failed (disk full, I/O error): nothing of the group happened, and everybody is told so.
            foreach (Write write in group)
                write.Fail(fault);
            return;
        }

        foreach (Write write in group)
            write.Complete();
    }

    private void RunAll(List<Write> group)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        foreach (Write write in group)
        {
            // Whoever was told of a failure must not find the change done.
            if (!write.HasFailed)
                RunOne(write, transaction);
        }

        try
        {
            transaction.Commit();
        }
        catch (SqliteException) when (raw.sqlite3_get_autocommit(_connection.Handle) != 0)
        {
            // SQLite has rolled back by itself, which the transaction object does not notice: it gets something to roll back, or it would
            // hold the connection for ever.
            SqliteDatabase.Execute(_connection, "BEGIN");
            throw;
        }
    }

    private void RunOne(Write write, SqliteTransaction transaction)
    {
        transaction.Save("one");
        try
        {
            write.Run(_connection, transaction);
            transaction.Release("one");
        }
        catch (Exception fault) when (fault is not SqliteException { SqliteErrorCode: DiskIsFull })
        {
            transaction.Rollback("one");
            transaction.Release("one");
            write.Fail(fault);
        }
    }

    private abstract class Write
    {
        internal abstract void Run(DbConnection connection, DbTransaction transaction);

        internal abstract bool HasFailed { get; }

        internal abstract void Complete();

        internal abstract void Fail(Exception fault);
    }

    private sealed class Write<T>(Func<DbConnection, DbTransaction, T> action) : Write
    {
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;

        internal Task<T> Completion => _completion.Task;

        internal override void Run(DbConnection connection, DbTransaction transaction) => _result = action(connection, transaction);

        internal override bool HasFailed => _completion.Task.IsFaulted;

        internal override void Complete() => _completion.TrySetResult(_result!);

        internal override void Fail(Exception fault) => _completion.TrySetException(fault);
    }
}
