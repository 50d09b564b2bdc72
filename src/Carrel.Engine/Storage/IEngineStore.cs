namespace Carrel.Engine.Storage;

/// <summary>
/// Where resources, operations and events are kept. A decision that changes something is taken inside <see cref="WriteAsync"/>: what it read
/// is still true when it is written, because writes happen one at a time.
/// </summary>
public interface IEngineStore
{
    /// <summary>Grows with every write. A memory view that was made at one value is good as long as it is the same (design, Store).</summary>
    long Changes { get; }

    /// <summary>Reads what is committed. Each question sees a state of its own: something may be written between two of them, so what has to belong together is asked at once, or inside <see cref="WriteAsync"/>.</summary>
    Task<T> ReadAsync<T>(Func<IEngineView, T> read, CancellationToken cancellation = default);

    /// <summary>Reads, decides and writes as one; durable when it returns, nothing of it remains when it throws.</summary>
    Task<T> WriteAsync<T>(Func<IEngineTransaction, T> write, CancellationToken cancellation = default);
}
