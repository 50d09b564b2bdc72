using Carrel.Engine.Operations;

namespace Carrel.Engine.Notices;

/// <summary>Wakes whoever brings notices to their readers.</summary>
public sealed class NoticeSignal(TimeProvider time)
{
    private readonly OperationSignal _signal = new(time);

    internal void Raise() => _signal.Raise();

    internal Task WaitAsync(TimeSpan longest, CancellationToken cancellation) => _signal.WaitAsync(longest, cancellation);
}
