using System.Collections.Concurrent;
using Carrel.Arm.Audit;

namespace Carrel.Access.Tests.Support;

/// <summary>Keeps what is written down.</summary>
internal sealed class RecordedTrail : IAuditTrail
{
    private readonly ConcurrentQueue<AuditRecord> _written = new();

    internal IReadOnlyList<AuditRecord> Written => [.. _written];

    public Task WriteAsync(AuditRecord happened, CancellationToken cancellation)
    {
        _written.Enqueue(happened);
        return Task.CompletedTask;
    }
}
