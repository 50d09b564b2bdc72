namespace Carrel.Engine.Operations;

/// <summary>Wakes the worker when an operation was accepted, so that nobody waits for its next look at the store. One waits at a time.</summary>
public sealed class OperationSignal(TimeProvider time)
{
    private TaskCompletionSource _raised = NewSignal();

    /// <summary>An operation waits.</summary>
    public void Raise() => Volatile.Read(ref _raised).TrySetResult();

    /// <summary>Waits for the next signal, at most <paramref name="limit"/>.</summary>
    /// <exception cref="OperationCanceledException">The wait was canceled.</exception>
    public async Task WaitAsync(TimeSpan limit, CancellationToken cancellation)
    {
        TaskCompletionSource signal = Volatile.Read(ref _raised);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(signal.Task, Task.Delay(limit, time, end.Token));
        await end.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
        // Before whoever waited looks: what is raised from now on is for the next wait.
        if (signal.Task.IsCompleted)
            Volatile.Write(ref _raised, NewSignal());
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
