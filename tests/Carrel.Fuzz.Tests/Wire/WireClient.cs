using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Carrel.Fuzz.Tests.Wire;

/// <summary>One TLS connection at a time, kept as long as the server keeps it. It sends exactly the bytes it is given.</summary>
/// <param name="port">The server's port.</param>
/// <param name="authority">Who signed its certificate.</param>
internal sealed class WireClient(int port, X509Certificate2 authority) : IAsyncDisposable
{
    private SslStream? _stream;
    private AnswerReader? _reader;

    /// <summary>Sends a request and reads its answer.</summary>
    /// <param name="bytes">The request.</param>
    /// <param name="isHead">Whether the answer has no body.</param>
    /// <param name="isLast">True to end our side of the connection after the request: what was promised and does not come must not be waited for.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The answer, or null when the server hung up without one.</returns>
    internal async Task<WireAnswer?> SendAsync(byte[] bytes, bool isHead, bool isLast, CancellationToken cancellation)
    {
        bool fresh = _stream is null;
        WireAnswer? answer = await TrySendAsync(bytes, isHead, isLast, cancellation);
        // A kept connection may have ended meanwhile: that is no answer to this request.
        if (answer is null && !fresh)
        {
            await HangUpAsync();
            answer = await TrySendAsync(bytes, isHead, isLast, cancellation);
        }

        if (isLast || answer is null or { Closes: true })
            await HangUpAsync();
        return answer;
    }

    public ValueTask DisposeAsync() => HangUpAsync();

    private async Task<WireAnswer?> TrySendAsync(byte[] bytes, bool isHead, bool isLast, CancellationToken cancellation)
    {
        try
        {
            if (_stream is null)
                await ConnectAsync(cancellation);
            await WriteAsync(bytes, isLast, cancellation);
            return await _reader!.ReadAsync(isHead, cancellation);
        }
        catch (IOException)
        {
            await HangUpAsync();
            return null;
        }
    }

    // A server that has seen enough answers and closes while we still write: its answer is to be read all the same.
    private async Task WriteAsync(byte[] bytes, bool isLast, CancellationToken cancellation)
    {
        try
        {
            await _stream!.WriteAsync(bytes, cancellation);
            if (isLast)
                await _stream.ShutdownAsync();
        }
        catch (IOException)
        {
        }
    }

    private async Task ConnectAsync(CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
        _stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        _reader = new AnswerReader(_stream);
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(authority);
        await _stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = trust }, cancellation);
    }

    private async ValueTask HangUpAsync()
    {
        if (_stream is { } stream)
            await stream.DisposeAsync();
        (_stream, _reader) = (null, null);
    }
}
