using System.Net.Sockets;
using Carrel.AgentProtocol;
using Carrel.AgentProtocol.Lines;

namespace Carrel.Agent.Lines;

/// <summary>Takes the lines that the server opens, and nobody else's.</summary>
internal sealed class LineListener(AgentOptions options, MachineSecret secret, ServerCalls calls, TunnelPlaces tunnels) : IDisposable
{
    private const int MostConnections = 2 * LineContract.MostTunnels;

    private readonly SemaphoreSlim _places = new(MostConnections);

    /// <summary>Listens until cancelled.</summary>
    /// <exception cref="SocketException">The port is taken.</exception>
    public Task RunAsync(CancellationToken stopping)
    {
        var listener = new TcpListener(options.LineListen);
        listener.Start();
        return AcceptAsync(listener, stopping);
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    private async Task AcceptAsync(TcpListener listener, CancellationToken stopping)
    {
        using (listener)
        {
            while (!stopping.IsCancellationRequested)
            {
                try
                {
                    await _places.WaitAsync(stopping);
                    _ = TakeAsync(await listener.AcceptSocketAsync(stopping), stopping);
                }
                catch (SocketException)
                {
                    // Whoever dialled is gone again.
                    _places.Release();
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }

    private async Task TakeAsync(Socket socket, CancellationToken stopping)
    {
        try
        {
            socket.NoDelay = true;
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            string? purpose;
            using (var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping))
            {
                patience.CancelAfter(LineContract.Patience);
                purpose = await LineHandshake.AsAgentAsync(stream, secret, Takes, patience.Token);
            }

            if (purpose == LineContract.Calls)
            {
                await calls.ServeAsync(stream, stopping);
            }
            else if (purpose is not null)
            {
                await tunnels.CarryAsync(TunnelId(purpose), socket, stopping);
            }
        }
        catch (Exception broken) when (broken is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // A line that breaks is opened anew by the server.
        }
        finally
        {
            _places.Release();
        }
    }

    private bool Takes(string purpose) => purpose == LineContract.Calls || (purpose.StartsWith(LineContract.Tunnel + " ", StringComparison.Ordinal) && tunnels.IsWaiting(TunnelId(purpose)));

    private static string TunnelId(string purpose) => purpose[(LineContract.Tunnel.Length + 1)..];
}
