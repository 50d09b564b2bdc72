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
internal sealed class SecureShellVisit(SecureShellConnections connections, SecureShellAccess access, OpeningAudit audit, ILogger<SecureShellVisit> log)
{
    /// <summary>Connections that are open to one instance at most; sshd bounds those of them that have not logged in.</summary>
    internal const int MostOpen = 64;

    private static readonly TimeSpan DialPatience = TimeSpan.FromSeconds(5);

    /// <summary>Serves it until it ends, and closes it. Never throws.</summary>
    internal async Task ServeAsync(Socket client, SecureShellRoute route, CancellationToken stopping)
    {
        using (client)
        using (SecureShellConnection open = connections.Enter(route.Instance, stopping))
        {
            try
            {
                if (connections.CountTo(route.Instance.Uid) > MostOpen)
                    return;
                IPAddress from = ((IPEndPoint)client.RemoteEndPoint!).Address;
                SecureShellDecision decision = await access.DecideAsync(route.Instance, open.Ending);
                if (decision.Refusal is not null)
                {
                    await audit.SecureShellRefusedAsync(decision, route.Instance, open.Ending);
                    return;
                }

                using Socket machine = await DialAsync(route.Machine, open.Ending);
                client.NoDelay = true;
                await audit.SecureShellConnectedAsync(decision.Owner!, route.Instance, from, open.Ending);
                await Splice.RunAsync(client, machine, open.Ending);
            }
            catch (SocketException fault)
            {
                GatewayLog.NoAnswer(log, route.Instance.Name, route.Machine.ToString(), fault.SocketErrorCode.ToString());
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

    private static async Task<Socket> DialAsync(IPEndPoint machine, CancellationToken ending)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ending);
        patience.CancelAfter(DialPatience);
        var socket = new Socket(machine.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(machine, patience.Token);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
