using System.Net;
using System.Net.Sockets;

namespace Carrel.Gateway.SecureShell;

/// <summary>The port of one instance: open as long as its machine runs. Closing it lets open connections go on, which end with the machine.</summary>
internal sealed class SecureShellDoor : IDisposable
{
    private readonly List<Socket> _listeners = [];

    private SecureShellDoor(SecureShellRoute route) => Route = route;

    internal SecureShellRoute Route { get; }

    /// <summary>Opens the port on every address.</summary>
    /// <param name="route">The way in.</param>
    /// <param name="addresses">The server's addresses.</param>
    /// <param name="accept">Takes a connection; it must not throw.</param>
    /// <exception cref="SocketException">The port cannot be had.</exception>
    internal static SecureShellDoor Open(SecureShellRoute route, IEnumerable<IPAddress> addresses, Func<Socket, Task> accept)
    {
        var door = new SecureShellDoor(route);
        try
        {
            foreach (IPAddress address in addresses)
            {
                var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                door._listeners.Add(listener);
                if (address.Equals(IPAddress.IPv6Any))
                    listener.DualMode = true;
                listener.Bind(new IPEndPoint(address, route.Port));
            }
        }
        catch
        {
            door.Dispose();
            throw;
        }

        // Only when all are bound: a port that cannot be had as a whole must not take anybody.
        foreach (Socket listener in door._listeners)
        {
            listener.Listen();
            _ = AcceptAsync(listener, accept);
        }

        return door;
    }

    /// <inheritdoc/>
    public void Dispose() => _listeners.ForEach(listener => listener.Dispose());

    private static async Task AcceptAsync(Socket listener, Func<Socket, Task> accept)
    {
        while (true)
        {
            try
            {
                Socket client = await listener.AcceptAsync();
                _ = Task.Run(() => accept(client));
            }
            catch (Exception closed) when (closed is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return;
            }
            catch (SocketException)
            {
                // A client that left at once, or no file handle free just now.
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }
        }
    }
}
