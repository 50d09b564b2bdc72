using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carrel.Agent.Lines;

/// <summary>
/// The web server's only source of connections: lines whose other side has proved to be the server. It opens no port of its own, so no request can
/// come from anybody else, and requests need no proof of their own.
/// </summary>
internal sealed class RequestLines : IConnectionListenerFactory, IConnectionListener
{
    private readonly SocketConnectionContextFactory _contexts = new(new SocketConnectionFactoryOptions(), NullLogger.Instance);
    private readonly Channel<ConnectionContext> _proven = Channel.CreateUnbounded<ConnectionContext>();

    /// <summary>A name for messages: there is nothing to listen at.</summary>
    public EndPoint EndPoint { get; private set; } = new IPEndPoint(IPAddress.None, 0);

    /// <summary>Gives the web server a proven connection, which it owns from then on.</summary>
    public async Task TakeAsync(Socket socket)
    {
        ConnectionContext line = _contexts.Create(socket);
        if (!_proven.Writer.TryWrite(line))
        {
            await line.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        EndPoint = endpoint;
        return ValueTask.FromResult<IConnectionListener>(this);
    }

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _proven.Reader.WaitToReadAsync(cancellationToken) && _proven.Reader.TryRead(out ConnectionContext? line) ? line : null;

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _proven.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _proven.Writer.TryComplete();
        while (_proven.Reader.TryRead(out ConnectionContext? line))
        {
            await line.DisposeAsync();
        }

        _contexts.Dispose();
    }
}
