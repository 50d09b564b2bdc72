namespace Carrel.Engine.Operations;

/// <summary>Wakes the worker when an operation was accepted, so that nobody waits for its next look at the store.</summary>
public sealed class OperationSignal : IDisposable
{
    private readonly SemaphoreSlim _waiting = new(0, 1);

    /// <summary>An operation waits.</summary>
    public void Raise()
    {
        lock (_waiting)
        {
            if (_waiting.CurrentCount == 0)
                _waiting.Release();
        }
    }

    /// <summary>Waits for the next signal, at most <paramref name="limit"/>.</summary>
    public Task WaitAsync(TimeSpan limit, CancellationToken cancellation) => _waiting.WaitAsync(limit, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _waiting.Dispose();
}
