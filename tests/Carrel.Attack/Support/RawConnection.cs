using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Carrel.Attack.Support;

/// <summary>Bytes over TLS, for requests that no client would send.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly SslStream _stream;

    private RawConnection(SslStream stream) => _stream = stream;

    /// <summary>Connects to the server under a host name.</summary>
    public static async Task<RawConnection> OpenAsync(RunningCarrel carrel, string host)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, new Uri(carrel.Url).Port));
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = host,
            RemoteCertificateValidationCallback = carrel.IsTrusted,
            ApplicationProtocols = [SslApplicationProtocol.Http11],
        });
        return new RawConnection(stream);
    }

    /// <summary>Sends a text and reads until the other side is silent for a second or has closed.</summary>
    public async Task<string> SendAsync(string request)
    {
        await _stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        await _stream.FlushAsync();
        var answer = new StringBuilder();
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (true)
            {
                using var silence = new CancellationTokenSource(TimeSpan.FromSeconds(answer.Length == 0 ? 15 : 1));
                int count = await _stream.ReadAsync(buffer, silence.Token);
                if (count == 0)
                    return answer.ToString();
                answer.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException)
        {
            return answer.ToString();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
