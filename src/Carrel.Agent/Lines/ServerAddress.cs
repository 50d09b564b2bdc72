using System.Net;
using System.Net.Sockets;
using Carrel.AgentProtocol.Lines;

namespace Carrel.Agent.Lines;

/// <summary>
/// The server's public origin inside the machine: listens on the machine's loopback with the origin's port and carries the raw TLS, so that
/// address, name and certificate are the same inside and outside (design, between server and machine).
/// </summary>
internal sealed class ServerAddress(AgentOptions options, TunnelPlaces tunnels) : IAsyncDisposable
{
    private readonly SemaphoreSlim _places = new(LineContract.MostTunnels);
    private CancellationTokenSource? _stop;
    private Task _running = Task.CompletedTask;
    private int _port;

    /// <summary>Listens for an origin; nothing changes when it does already. Not for concurrent use.</summary>
    /// <returns>What went wrong, or null.</returns>
    public async Task<string?> ListenAsync(Uri? origin)
    {
        int port = origin?.Port ?? 0;
        // A listener stays as long as the port does: what runs through it is not broken off.
        if (port == _port)
        {
            return null;
        }

        await StopAsync();
        if (origin is null)
        {
            return null;
        }

        if (IPAddress.TryParse(origin.IdnHost, out IPAddress? literal) && !IPAddress.IsLoopback(literal))
        {
            return $"The server's origin {origin} is a bare address, so it cannot be had inside the machine.";
        }

        List<TcpListener> listeners = [.. new[] { IPAddress.Loopback, IPAddress.IPv6Loopback }.Select(address => TryListen(address, port)).OfType<TcpListener>()];
        if (listeners.Count == 0)
        {
            return $"The port {port} of the server's origin is taken inside the machine.";
        }

        _port = port;
        _stop = new CancellationTokenSource();
        _running = Task.WhenAll(listeners.Select(listener => AcceptAsync(listener, _stop.Token)));
        return null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task StopAsync()
    {
        if (_stop is null)
        {
            return;
        }

        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        (_stop, _port) = (null, 0);
    }

    // A machine without IPv6 has no ::1, and needs none.
    private static TcpListener? TryListen(IPAddress address, int port)
    {
        var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException)
        {
            listener.Dispose();
            return null;
        }
    }

    private async Task AcceptAsync(TcpListener listener, CancellationToken stopping)
    {
        using (listener)
        {
            while (!stopping.IsCancellationRequested)
            {
                try
                {
                    var socket = await listener.AcceptSocketAsync(stopping);

                    // Nobody else is taken until there is a place: who is beyond the limit waits here or in the kernel's queue.
                    await _places.WaitAsync(stopping);
                    _ = CarryAsync(socket, stopping);
                }
                catch (SocketException)
                {
                    // Whoever dialled is gone again.
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }

    private async Task CarryAsync(Socket socket, CancellationToken stopping)
    {
        try
        {
            socket.NoDelay = true;
            await tunnels.OfferAsync(socket, stopping);
        }
        catch (Exception broken) when (broken is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            await options.Log.WriteLineAsync($"a connection to the server ended: {broken.GetType().Name}");
        }
        finally
        {
            socket.Dispose();
            _places.Release();
        }
    }
}
