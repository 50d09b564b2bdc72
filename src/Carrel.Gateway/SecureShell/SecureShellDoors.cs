using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carrel.Gateway.SecureShell;

/// <summary>
/// Keeps a port open for every instance that runs and lets in by SSH, and none for the others: a stopped one refuses connections (contract 13.2). Asks the
/// owner's standing again while connections are open.
/// </summary>
internal sealed class SecureShellDoors(
    ISecureShellRoutes routes, SecureShellVisit visit, SecureShellConnections connections, SecureShellAccess access, GatewayOptions options, TimeProvider time, ILogger<SecureShellDoors> log)
    : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, SecureShellDoor> _doors = [];
    // Ports that other programs had when we wanted them.
    private readonly HashSet<int> _unusable = [];
    private long _seen = -1;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long checkedAt = time.GetTimestamp();
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                bool isCheckDue = time.GetElapsedTime(checkedAt) >= CheckEvery;
                await TryAsync(isCheckDue, stoppingToken);
                if (isCheckDue)
                    checkedAt = time.GetTimestamp();
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
        finally
        {
            foreach (SecureShellDoor door in _doors.Values)
                door.Dispose();
        }
    }

    private async Task TryAsync(bool isCheckDue, CancellationToken stopping)
    {
        try
        {
            // With a check, also without a change: a port that could not be had may be free by now.
            if (routes.Changes is var changes && (changes != _seen || isCheckDue))
            {
                await FollowAsync(stopping);
                _seen = changes;
            }

            if (isCheckDue)
                await CheckAsync(stopping);
        }
        catch (Exception fault) when (!stopping.IsCancellationRequested)
        {
            GatewayLog.SecureShellDoorsFailed(log, fault);
        }
    }

    private async Task FollowAsync(CancellationToken stopping)
    {
        Dictionary<string, SecureShellRoute> wanted = (await routes.ListAsync(stopping)).ToDictionary(route => route.Instance.Uid);
        foreach ((string uid, SecureShellDoor door) in _doors.ToArray())
        {
            if (wanted.TryGetValue(uid, out SecureShellRoute? route) && IsSame(route, door.Route))
                continue;
            door.Dispose();
            _doors.Remove(uid);
        }

        foreach ((string uid, SecureShellRoute route) in wanted.Where(pair => !_doors.ContainsKey(pair.Key)))
            await OpenAsync(uid, route, stopping);
    }

    private static bool IsSame(SecureShellRoute one, SecureShellRoute other) =>
        one.Port == other.Port && one.Instance.Owner == other.Instance.Owner;

    private async Task OpenAsync(string uid, SecureShellRoute route, CancellationToken stopping)
    {
        try
        {
            _doors[uid] = SecureShellDoor.Open(route, options.ListenAddresses, client => visit.ServeAsync(client, route, stopping));
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            _unusable.Add(route.Port);
            // The move is a change of the store, so the new port is opened in the next round.
            if (await routes.MoveAsync(uid, _unusable, stopping) is not { } port)
            {
                GatewayLog.SecureShellPortTaken(log, route.Port, route.Instance.Name);
                // None is free: whatever has one now may let go of it.
                _unusable.Clear();
            }
            else
            {
                GatewayLog.SecureShellPortMoved(log, route.Instance.Name, route.Port, port);
            }
        }
        catch (SocketException fault)
        {
            GatewayLog.SecureShellPortFailed(log, route.Port, route.Instance.Name, fault.SocketErrorCode.ToString());
        }
    }

    private async Task CheckAsync(CancellationToken stopping)
    {
        foreach (IGrouping<string, SecureShellConnection> open in connections.Open.ToArray().GroupBy(open => open.Route.Uid))
        {
            if ((await access.DecideAsync(open.First().Route, stopping)).Refusal is null)
                continue;
            foreach (SecureShellConnection connection in open)
            {
                if (connection.End())
                    GatewayLog.SecureShellEnded(log, connection.Route.Name);
            }
        }
    }
}
