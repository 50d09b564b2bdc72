using System.Net;
using System.Net.Sockets;

namespace Carrel.Identity.Metadata;

/// <summary>
/// The port of the metadata service, taken before anything else starts, because the host's packet filter leads machines to it by its number. It is
/// bound to every address, since each network's gateway is one; the packet filter lets nobody but machines reach it.
/// </summary>
public sealed class MetadataPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Takes a free port.</summary>
    public MetadataPort()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        Number = ((IPEndPoint)_socket.LocalEndPoint!).Port;
    }

    /// <summary>Its number.</summary>
    public int Number { get; }

    /// <summary>Gives the port to a listener, which closes it from then on: two owners would close it twice, and the second time it may be another's.</summary>
    internal ulong Take()
    {
        ulong handle = (ulong)_socket.Handle;
        _socket.SafeHandle.SetHandleAsInvalid();
        return handle;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
