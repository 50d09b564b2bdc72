using System.Net;
using System.Net.Sockets;
using Carrel.AgentProtocol;
using Carrel.AgentProtocol.Lines;

namespace Carrel.Engine.Lines;

/// <summary>Fetches a connection of a machine's program to the server's public origin and carries its bytes.</summary>
internal sealed class TunnelFetch(MachineLineOptions options, TimeProvider time)
{
    /// <summary>Connects both ends.</summary>
    /// <returns>Carries the bytes until both directions have ended; null when an end cannot be had.</returns>
    internal async Task<Func<CancellationToken, Task>?> FetchAsync(IPAddress machine, MachineSecret secret, string tunnelId, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(LineContract.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        Socket line = NewSocket();
        Socket server = NewSocket();
        try
        {
            await line.ConnectAsync(new IPEndPoint(machine, options.Port), either.Token);
            await using var stream = new NetworkStream(line, ownsSocket: false);
            if (await LineHandshake.AsServerAsync(stream, secret, $"{LineContract.Tunnel} {tunnelId}", either.Token) != LineReception.Accepted)
                throw new IOException("The machine does not know the tunnel.");
            // What counts callers by their address must not mix up machines with each other or with the host's own people.
            if (IPAddress.IsLoopback(options.Server.Address) && SourceOf(machine) is { } source)
                server.Bind(new IPEndPoint(source, 0));
            await server.ConnectAsync(options.Server, either.Token);
            return carrying => Splice.RunAsync(line, server, carrying);
        }
        catch (Exception fault) when (fault is SocketException or IOException or OperationCanceledException)
        {
            line.Dispose();
            server.Dispose();
            return null;
        }
    }

    // 10.186.3.7 comes as 127.186.3.7: all of 127.0.0.0/8 is this host.
    private static IPAddress? SourceOf(IPAddress machine) => machine.GetAddressBytes() is [_, var second, var third, var fourth]
        ? new IPAddress([127, second, third, fourth])
        : null;

    private static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
}
