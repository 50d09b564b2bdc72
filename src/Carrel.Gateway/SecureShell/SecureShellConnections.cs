using System.Collections.Concurrent;
using System.Net;
using Carrel.Access.Directory.Administration;
using Carrel.Gateway.Instances;

namespace Carrel.Gateway.SecureShell;

/// <summary>Every connection by SSH that is open now. It ends with the word of its owner's directory entry, not with a token: none is needed for it.</summary>
internal sealed class SecureShellConnections : IOpenConnections
{
    private readonly ConcurrentDictionary<SecureShellConnection, byte> _open = new();

    /// <inheritdoc/>
    public int CloseUser(Guid objectId)
    {
        int closed = 0;
        foreach (SecureShellConnection open in _open.Keys.Where(open => open.Route.Owner == objectId))
            closed += open.End() ? 1 : 0;
        return closed;
    }

    /// <summary>What is open now.</summary>
    internal IEnumerable<SecureShellConnection> Open => _open.Keys;

    /// <summary>How many are open to an instance, and how many of them from one address.</summary>
    internal (int All, int FromThere) Count(string uid, IPAddress from)
    {
        SecureShellConnection[] open = [.. _open.Keys.Where(open => open.Route.Uid == uid)];
        return (open.Length, open.Count(other => other.From.Equals(from)));
    }

    /// <summary>Enters one that is about to be checked: what ends its owner from here on ends it too.</summary>
    internal SecureShellConnection Enter(InstanceRoute route, IPAddress from, CancellationToken stopping)
    {
        var open = new SecureShellConnection(this, route, from, stopping);
        _open.TryAdd(open, 0);
        return open;
    }

    internal void Remove(SecureShellConnection open) => _open.TryRemove(open, out _);
}

/// <summary>One connection by SSH.</summary>
internal sealed class SecureShellConnection(SecureShellConnections all, InstanceRoute route, IPAddress from, CancellationToken stopping) : IDisposable
{
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    private readonly Lock _gate = new();
    private bool _ended;

    internal InstanceRoute Route => route;

    /// <summary>Where it comes from.</summary>
    internal IPAddress From => from;

    /// <summary>Is canceled when it has to end.</summary>
    internal CancellationToken Ending => _end.Token;

    /// <summary>Ends it.</summary>
    /// <returns>False when it had ended already.</returns>
    internal bool End()
    {
        lock (_gate)
        {
            if (_ended)
                return false;
            _ended = true;
            _end.Cancel();
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        all.Remove(this);
        lock (_gate)
        {
            _ended = true;
            _end.Dispose();
        }
    }
}
