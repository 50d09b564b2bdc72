using Carrel.Engine.Storage;
using Carrel.Store.Access;

namespace Carrel.Store.Engine;

/// <summary>The engine's store over a relational database.</summary>
public sealed class EngineStore(IDatabase database, RoleViews? roles = null) : IEngineStore
{
    // Counted by each write after its commit, read by whoever keeps a memory view.
    private long _changes;

    /// <inheritdoc/>
    public long Changes => Volatile.Read(ref _changes);

    /// <inheritdoc/>
    public Task<T> ReadAsync<T>(Func<IEngineView, T> read, CancellationToken cancellation = default) =>
        database.ReadAsync(connection => read(new EngineView(connection, null)), cancellation);

    /// <inheritdoc/>
    public async Task<T> WriteAsync<T>(Func<IEngineTransaction, T> write, CancellationToken cancellation = default)
    {
        bool removesRoles = false;
        try
        {
            return await database.WriteAsync(
                (connection, transaction) =>
                {
                    var engine = new EngineTransaction(connection, transaction);
                    T result = write(engine);
                    removesRoles = engine.RemovesRoles;
                    return result;
                },
                cancellation);
        }
        finally
        {
            Interlocked.Increment(ref _changes);
            if (removesRoles)
                roles?.ForgetAssignments();
        }
    }
}
