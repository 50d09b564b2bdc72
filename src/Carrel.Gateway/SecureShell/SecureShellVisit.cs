using System.Net;
using System.Net.Sockets;
using Carrel.AgentProtocol.Lines;
using Carrel.Gateway.Opening;
using Microsoft.Extensions.Logging;

namespace Carrel.Gateway.SecureShell;

/// <summary>
/// One connection to an instance's port: checked, then carried to the machine's own secure shell server byte for byte. Carrel sees no key and no
/// password, and cannot read along.
/// </summary>
internal sealed class SecureShellVisit(SecureShellConnections connections, SecureShellAccess access, ISecureShellRoutes routes, OpeningAudit audit, TimeProvider time, ILogger<SecureShellVisit> log)
{
    /// <summary>Connections that are open to one instance at most; sshd bounds those of them that have not logged in.</summary>
    internal const int MostOpen = 64;

    /// <summary>Of these from one address at most, so that a stranger cannot take all places.</summary>
    internal const int MostFromOneAddress = 32;

    private static readonly TimeSpan DialPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DialPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Serves it until it ends, and closes it. Never throws.</summary>
    internal async Task ServeAsync(Socket client, SecureShellRoute route, CancellationToken stopping)
    {
        using (client)
        using (SecureShellConnection open = connections.Enter(route.Instance, AddressOf(client), stopping))
        {
            try
            {
                if (connections.Count(route.Instance.Uid, open.From) is { All: > MostOpen } or { FromThere: > MostFromOneAddress })
                    return;
                SecureShellDecision decision = await access.DecideAsync(route.Instance, open.Ending);
                if (decision.Refusal is not null)
                {
                    await audit.SecureShellRefusedAsync(decision, route.Instance, open.Ending);
                    return;
                }

                using Socket machine = await DialAsync(route.Instance.Uid, open.Ending);
                client.NoDelay = true;
                await audit.SecureShellConnectedAsync(decision.Owner!, route.Instance, open.From, open.Ending);
                await Splice.RunAsync(client, machine, open.Ending);
            }
            catch (SocketException fault)
            {
                GatewayLog.NoAnswer(log, route.Instance.Name, "its secure shell server", fault.SocketErrorCode.ToString());
            }
            catch (OperationCanceledException)
            {
                // Ended, or the machine does not answer in time: the client sees its connection close.
            }
            catch (Exception fault)
            {
                GatewayLog.SecureShellFailed(log, route.Instance.Name, fault);
            }
        }
    }

    // A client that has left already has none any more; nothing can be carried to it either.
    private static IPAddress AddressOf(Socket client)
    {
        try
        {
            return (client.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        }
        catch (SocketException)
        {
            return IPAddress.None;
        }
    }

    // A machine that has just come up makes its host keys first, and one that starts has no address yet: the client waits a moment, as it would for a slow network.
    private async Task<Socket> DialAsync(string uid, CancellationToken ending)
    {
        using var patience = new CancellationTokenSource(DialPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ending, patience.Token);
        while (true)
        {
            if (await routes.FindMachineAsync(uid, either.Token) is { } machine && await TryDialAsync(machine, either.Token) is { } socket)
                return socket;
            await Task.Delay(DialPause, time, either.Token);
        }
    }

    // Null when nothing listens there yet.
    private static async Task<Socket?> TryDialAsync(IPEndPoint machine, CancellationToken cancellation)
    {
        var socket = new Socket(machine.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(machine, cancellation);
            return socket;
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            socket.Dispose();
            return null;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
