using Carrel.TestKit.Hosting;

namespace Carrel.TestKit.Engines;

/// <summary>Holds one verb of a host.</summary>
public sealed class Gate
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the verb is called for the first time.</summary>
    public Task Reached => _reached.Task.WaitAsync(TimeSpan.FromSeconds(15));

    /// <summary>Lets everything through.</summary>
    public void Open() => _opened.TrySetResult();

    /// <summary>Waits at the gate.</summary>
    public Task PassAsync(CancellationToken cancellation)
    {
        _reached.TrySetResult();
        return _opened.Task.WaitAsync(cancellation);
    }

    /// <summary>Puts a gate before a verb.</summary>
    public static Gate At(InMemoryInstanceHost host, string verb)
    {
        var gate = new Gate();
        host.BeforeVerb = (called, cancellation) => called == verb ? gate.PassAsync(cancellation) : Task.CompletedTask;
        return gate;
    }
}
