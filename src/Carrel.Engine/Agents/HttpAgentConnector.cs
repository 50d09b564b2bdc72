using System.Net;
using System.Net.Sockets;
using Carrel.AgentProtocol;

namespace Carrel.Engine.Agents;

/// <summary>Connects to agents over HTTP/2 without TLS: the way from server to machine never leaves the host's own bridge.</summary>
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
                return await TryAsync(new IPEndPoint(address, endpoint.Port), endpoint, secret, timeout, cancellation);
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
        IPEndPoint target, AgentEndpoint endpoint, MachineSecret secret, TimeSpan timeout, CancellationToken cancellation)
    {
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, cancellation).AsTask().WaitAsync(timeout, time, cancellation);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var agent = new HttpAgent(new NetworkStream(socket, ownsSocket: true), endpoint, secret, options, time);
        try
        {
            // Something may listen that is not ready, or is not this machine's agent: only an answer to the secret makes a connection.
            _ = await agent.HealthAsync(cancellation);
            return agent;
        }
        catch
        {
            await agent.DisposeAsync();
            throw;
        }
    }
}
