using System.Data.Common;

namespace Carrel.Store;

/// <summary>
/// The relational store. Reads see the last committed state and run side by side; writes pass one writer that groups waiting transactions
/// into one commit and answers only when that commit is durable (design, Store).
/// </summary>
public interface IDatabase : IAsyncDisposable
{
    /// <summary>Runs a read on a connection of its own. The delegate must not write.</summary>
    Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellation = default);

    /// <summary>
    /// Runs a write alone. Everything it does is undone when it throws; the exception reaches the caller and nobody else. The delegate must be
    /// quick and must touch nothing but the connection: others wait behind it.
    /// </summary>
    Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, T> write, CancellationToken cancellation = default);
}
