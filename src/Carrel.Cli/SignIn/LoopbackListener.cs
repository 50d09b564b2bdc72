using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Carrel.Cli.SignIn;

/// <summary>
/// Listens on a free port of 127.0.0.1 for the one redirect that ends a sign-in (RFC 8252 7.3). Anything else it is asked
/// (a favicon, a stranger's guess without the right state) is answered 404 and it goes on waiting.
/// </summary>
internal sealed class LoopbackListener : IDisposable
{
    private const int LongestRequest = 16 * 1024;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    /// <summary>Starts to listen.</summary>
    public LoopbackListener() => _listener.Start();

    /// <summary>The redirect address, ending in a slash.</summary>
    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/";

    /// <summary>The query of the redirect that carries <paramref name="state"/>.</summary>
    public async Task<IReadOnlyDictionary<string, string>> WaitAsync(string state, CancellationToken cancel)
    {
        while (true)
        {
            using var connection = await _listener.AcceptTcpClientAsync(cancel);
            // A browser may open a connection and say nothing: it must not block the next one for long.
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(TimeSpan.FromSeconds(5));
            try
            {
                var stream = connection.GetStream();
                var query = Query(await ReadRequestAsync(stream, patience.Token));
                var ours = query.TryGetValue("state", out var given) && given == state;
                await AnswerAsync(stream, ours, query.ContainsKey("code"), patience.Token);
                if (ours)
                    return query;
            }
            catch (Exception problem) when (problem is IOException || (problem is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                continue;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    /// <summary>The query of a request's first line; empty when it is not a GET of the root.</summary>
    internal static Dictionary<string, string> Query(string request)
    {
        var words = request.Split("\r\n", 2)[0].Split(' ');
        if (words.Length < 2 || words[0] != "GET" || !words[1].StartsWith("/?", StringComparison.Ordinal))
            return [];
        var query = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in words[1][2..].Split('&'))
        {
            var parts = pair.Split('=', 2);
            query[Uri.UnescapeDataString(parts[0])] = parts.Length < 2 ? string.Empty : Uri.UnescapeDataString(parts[1].Replace('+', ' '));
        }
        return query;
    }

    private static async Task<string> ReadRequestAsync(NetworkStream stream, CancellationToken cancel)
    {
        var buffer = new byte[LongestRequest];
        var filled = 0;
        while (filled < buffer.Length)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(filled), cancel);
            filled += read;
            var text = Encoding.ASCII.GetString(buffer, 0, filled);
            if (read == 0 || text.Contains("\r\n\r\n", StringComparison.Ordinal))
                return text;
        }
        return string.Empty;
    }

    private static async Task AnswerAsync(NetworkStream stream, bool ours, bool signedIn, CancellationToken cancel)
    {
        var message = !ours ? "Nothing here."
            : signedIn ? "You are signed in. You can close this page and go back to the terminal."
            : "You are not signed in. Go back to the terminal to see why.";
        var page = $"<!doctype html><html lang=\"en\"><title>Carrel</title><p>{message}</p></html>";
        var head = $"HTTP/1.1 {(ours ? "200 OK" : "404 Not Found")}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {page.Length}\r\n"
            + "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.UTF8.GetBytes(head + page), cancel);
    }
}
