using System.Collections.Concurrent;
using Carrel.Access.Directory.Administration;
using Carrel.Gateway.Instances;
using Carrel.Gateway.Pipeline;
using Microsoft.AspNetCore.Http;

namespace Carrel.Gateway.Connections;

/// <summary>Everything that is being forwarded now: requests, streams and WebSockets. Signing out or deleting ends it.</summary>
public sealed class InstanceConnections(TimeProvider time) : IOpenConnections
{
    // Every forwarded request adds and removes one; closing goes through all, which is rare.
    private readonly ConcurrentDictionary<OpenConnection, byte> _open = new();

    private long _closings;

    /// <summary>Counts the times something was ended: who looked at it before checking a request can tell whether the check may be out of date.</summary>
    internal long Closings => Volatile.Read(ref _closings);

    /// <summary>How many are open.</summary>
    public int Count => _open.Count;

    /// <summary>Ends everything that is open to an instance: call it when the instance is deleted or its owner changes.</summary>
    /// <param name="uid">Unique id of the instance.</param>
    /// <returns>How many were ended.</returns>
    public int CloseInstance(string uid) => Close(open => open.Route.Uid == uid);

    /// <summary>Ends everything that is open under a session of an instance: call it when the session is revoked.</summary>
    /// <param name="sessionId">The instance session's id.</param>
    /// <returns>How many were ended.</returns>
    public int CloseSession(Guid sessionId) => Close(open => open.Visitor.SessionId == sessionId);

    /// <summary>Ends everything that a person or program has open: call it when they sign out of the studio or are removed.</summary>
    /// <param name="objectId">Object id of the person or program.</param>
    /// <returns>How many were ended.</returns>
    public int CloseUser(Guid objectId) => Close(open => open.Visitor.ObjectId == objectId);

    internal OpenConnection Open(InstanceVisit visit)
    {
        var open = new OpenConnection(this, visit.Context, visit.Route!, visit.Visitor!, time.GetUtcNow());
        _open.TryAdd(open, 0);
        return open;
    }

    internal IEnumerable<OpenConnection> OpenSince(DateTimeOffset latest) => _open.Keys.Where(open => open.Since <= latest);

    internal void Remove(OpenConnection open) => _open.TryRemove(open, out _);

    private int Close(Func<OpenConnection, bool> which)
    {
        // Counted first: what opens from here on is not found below, and sees the count instead.
        Interlocked.Increment(ref _closings);
        int closed = 0;
        foreach (OpenConnection open in _open.Keys.Where(which))
            closed += open.Abort() ? 1 : 0;
        return closed;
    }
}

/// <summary>One forwarded request.</summary>
internal sealed class OpenConnection(InstanceConnections all, HttpContext context, InstanceRoute route, Visitor visitor, DateTimeOffset since) : IDisposable
{
    private readonly Lock _end = new();
    private bool _ended;

    internal InstanceRoute Route => route;

    internal Visitor Visitor => visitor;

    internal DateTimeOffset Since => since;

    /// <summary>Ends it, unless it has ended by itself: the context may belong to the connection's next request by then.</summary>
    internal bool Abort()
    {
        lock (_end)
        {
            if (_ended)
                return false;
            _ended = true;
            context.Abort();
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_end)
            _ended = true;
        all.Remove(this);
    }
}
