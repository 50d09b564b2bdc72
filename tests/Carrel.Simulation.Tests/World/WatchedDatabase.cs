using System.Data.Common;
using Carrel.Simulation.Tests.Checks;
using Carrel.Store;

namespace Carrel.Simulation.Tests.World;

/// <summary>The real database, with a witness inside every write; and a switch that plays the death of the server's process.</summary>
/// <param name="inner">The database.</param>
/// <param name="history">Told of every write before it is committed: the one order in which things happened.</param>
internal sealed class WatchedDatabase(IDatabase inner, History history) : IDatabase
{
    private volatile bool _dead;

    /// <summary>From now on nothing of this server reaches the disk.</summary>
    internal void Kill() => _dead = true;

    public Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellation = default) =>
        _dead ? Task.FromException<T>(Dead()) : inner.ReadAsync(connection => read(new CommonConnection(connection)), cancellation);

    public async Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, T> write, CancellationToken cancellation = default)
    {
        int position = 0;
        T answer = await inner.WriteAsync(
            (connection, transaction) =>
            {
                if (_dead)
                    throw Dead();
                T result = write(new CommonConnection(connection), transaction);
                position = history.Observe(connection, transaction);
                return result;
            },
            cancellation);
        history.Commit(position);
        return answer;
    }

    // The simulation opens and closes it.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static InvalidOperationException Dead() => new("This server is dead.");
}
