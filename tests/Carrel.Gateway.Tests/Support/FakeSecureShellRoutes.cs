using System.Net;
using Carrel.Gateway.SecureShell;

namespace Carrel.Gateway.Tests.Support;

internal sealed class FakeSecureShellRoutes : ISecureShellRoutes
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SecureShellRoute> _all = [];
    private long _changes;

    /// <summary>Where every machine is; null for nowhere.</summary>
    internal IPEndPoint? Machine { get; set; }

    /// <summary>Port that an instance is moved to; null for none free.</summary>
    internal int? NextPort { get; set; }

    internal List<int> Refused { get; } = [];

    public long Changes => Volatile.Read(ref _changes);

    internal void Set(SecureShellRoute route)
    {
        lock (_lock)
            _all[route.Instance.Uid] = route;
        Interlocked.Increment(ref _changes);
    }

    internal void Remove(string uid)
    {
        lock (_lock)
            _all.Remove(uid);
        Interlocked.Increment(ref _changes);
    }

    public Task<IReadOnlyList<SecureShellRoute>> ListAsync(CancellationToken cancellation)
    {
        lock (_lock)
            return Task.FromResult<IReadOnlyList<SecureShellRoute>>([.. _all.Values]);
    }

    public Task<IPEndPoint?> FindMachineAsync(string uid, CancellationToken cancellation) => Task.FromResult(Machine);

    public Task<int?> MoveAsync(string uid, IReadOnlyCollection<int> unusable, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Refused.AddRange(unusable);
            if (NextPort is { } port)
                _all[uid] = _all[uid] with { Port = port };
        }

        Interlocked.Increment(ref _changes);
        return Task.FromResult(NextPort);
    }
}
