using System.Net;
using System.Net.Sockets;
using Carrel.AgentProtocol;
using Carrel.AgentProtocol.Lines;

namespace Carrel.Agent.Lines;

/// <summary>Takes the lines that the server opens, and nobody else's. Whoever does not introduce himself in time is let go.</summary>
internal sealed class LineListener(AgentOptions options, MachineSecret secret, RequestLines requests, ServerCalls calls, TunnelPlaces tunnels) : IDisposable
{
    // Given back when somebody has introduced himself: what the server opens, it bounds itself.
    private readonly SemaphoreSlim _strangers = new(LineContract.MostStrangers);

    /// <summary>Where it listens, with the port that was really taken; null before <see cref="RunAsync"/>.</summary>
    public IPEndPoint? EndPoint { get; private set; }

    /// <summary>Listens until cancelled.</summary>
    /// <exception cref="SocketException">The port is taken.</exception>
    public Task RunAsync(CancellationToken stopping)
    {
        var listener = new TcpListener(options.LineListen);
        listener.Start();
        EndPoint = (IPEndPoint)listener.LocalEndpoint;
        return AcceptAsync(listener, stopping);
    }

    /// <inheritdoc/>
    public void Dispose() => _strangers.Dispose();

    private async Task AcceptAsync(TcpListener listener, CancellationToken stopping)
    {
        using (listener)
        {
            while (!stopping.IsCancellationRequested)
            {
                try
                {
                    await _strangers.WaitAsync(stopping);
                    _ = TakeAsync(await listener.AcceptSocketAsync(stopping), stopping);
                }
                catch (SocketException)
                {
                    // Whoever dialled is gone again.
                    _strangers.Release();
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
            string? purpose = await IntroduceAsync(socket, stopping);
            if (purpose == LineContract.Requests)
            {
                await requests.TakeAsync(socket);
                return;
            }

            await using var stream = new NetworkStream(socket, ownsSocket: true);
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
            socket.Dispose();
        }
    }

    private async Task<string?> IntroduceAsync(Socket socket, CancellationToken stopping)
    {
        try
        {
            socket.NoDelay = true;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            patience.CancelAfter(LineContract.Patience);
            await using var stream = new NetworkStream(socket, ownsSocket: false);
            return await LineHandshake.AsAgentAsync(stream, secret, Takes, patience.Token);
        }
        finally
        {
            _strangers.Release();
        }
    }

    private bool Takes(string purpose) => purpose is LineContract.Requests or LineContract.Calls
        || (purpose.StartsWith(LineContract.Tunnel + " ", StringComparison.Ordinal) && tunnels.IsWaiting(TunnelId(purpose)));

    private static string TunnelId(string purpose) => purpose[(LineContract.Tunnel.Length + 1)..];
}
