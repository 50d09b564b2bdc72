using System.Net;
using System.Net.Sockets;
using Carrel.AgentProtocol;
using Carrel.AgentProtocol.Lines;

namespace Carrel.Engine.Agents;

/// <summary>
/// Connects to agents over a line: HTTP/2 without TLS, because the way from server to machine never leaves the host's own bridge, but only after both
/// sides have proved whose they are. Addresses of machines are reused, and whoever has one now must be neither told nor believed anything.
/// </summary>
public sealed class HttpAgentConnector(TimeProvider time, AgentConnectionOptions options) : IAgentConnector
{
    /// <summary>The first try is short: a packet sent to a machine whose network is not up yet is only repeated after a second.</summary>
    private static readonly TimeSpan FirstTimeout = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    public async Task<IAgent> ConnectAsync(AgentEndpoint endpoint, MachineSecret secret, CancellationToken cancellation)
    {
        if (!IPAddress.TryParse(endpoint.Address, out var address))
        {
            throw new ArgumentException($"'{endpoint.Address}' is not an IP address.", nameof(endpoint));
        }

        var started = time.GetTimestamp();
        var timeout = FirstTimeout;
        while (true)
        {
            try
            {
                return await TryAsync(address, endpoint, secret, timeout, cancellation);
            }
            catch (Exception failure) when (failure is SocketException or AgentUnreachableException or TimeoutException)
            {
                if (time.GetElapsedTime(started) >= options.ConnectDeadline)
                {
                    throw new AgentUnreachableException(
                        $"The agent at {endpoint} did not answer within {options.ConnectDeadline.TotalSeconds:0.#} s.", failure);
                }
            }

            timeout = TimeSpan.FromTicks(Math.Min(2 * timeout.Ticks, options.ConnectTimeout.Ticks));
            await Task.Delay(options.ConnectPause, time, cancellation);
        }
    }

    private async Task<IAgent> TryAsync(
        IPAddress address, AgentEndpoint endpoint, MachineSecret secret, TimeSpan timeout, CancellationToken cancellation)
    {
        Stream line = await DialAsync(address, endpoint.Port, timeout, cancellation);
        try
        {
            using var late = new CancellationTokenSource(LineContract.Patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
            switch (await LineHandshake.AsServerAsync(line, secret, LineContract.Requests, either.Token))
            {
                case LineReception.Accepted:
                    return new HttpAgent(line, endpoint, null, options, time);
                case LineReception.Declined:
                    await line.DisposeAsync();
                    return await FormerAsync(address, endpoint, secret, timeout, cancellation);
                case LineReception.Stranger:
                    throw new AgentProtocolException("NotThisMachine", $"Whoever answers at {endpoint} does not know this machine's secret: it is another machine, or not ours.");
                default:
                    throw new AgentUnreachableException($"Whoever answers at {endpoint} closed the connection.");
            }
        }
        catch (Exception failure)
        {
            await line.DisposeAsync();
            if (failure is IOException || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
                throw new AgentUnreachableException($"The agent at {endpoint} did not introduce itself.", failure);
            throw;
        }
    }

    // An agent that runs since before there were lines for requests: it has just proved that it is the machine's, and only it can say that it takes no
    // such line. So nobody else can bring the server down to this, and it ends with the machine's next start.
    private async Task<IAgent> FormerAsync(IPAddress address, AgentEndpoint endpoint, MachineSecret secret, TimeSpan timeout, CancellationToken cancellation) => new HttpAgent(
        await DialAsync(address, options.FormerPort, timeout, cancellation), endpoint, secret.Derive(MachineSecret.FormerAgentPurpose), options, time);

    private async Task<Stream> DialAsync(IPAddress address, int port, TimeSpan timeout, CancellationToken cancellation)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), cancellation).AsTask().WaitAsync(timeout, time, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
