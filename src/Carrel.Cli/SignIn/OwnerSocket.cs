using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Carrel.Cli.Errors;

namespace Carrel.Cli.SignIn;

/// <summary>
/// Single sign-on inside a compute instance (contract 9.2): its agent gives the owner's token over a socket that only the machine's user may open.
/// Nothing of it is kept: the token is good for minutes, and worth nothing once the owner signs out.
/// </summary>
internal static class OwnerSocket
{
    /// <summary>The variable that names the socket inside a machine.</summary>
    public const string Variable = "CARREL_OWNER_SOCKET";

    // The end of the year 9999, the latest instant there is a form for.
    private const long LatestSecond = 253_402_300_800;

    /// <summary>Gets a token.</summary>
    /// <param name="socket">Path of the socket.</param>
    /// <param name="server">For whom it is to be.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="CliException">Single sign-on gives none for this server; the message says why.</exception>
    public static async Task<Token> TokenAsync(string socket, Uri server, CancellationToken cancel)
    {
        var resource = server.GetLeftPart(UriPartial.Authority);
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, connecting) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), connecting);
                return new NetworkStream(connection, ownsSocket: true);
            },
        };
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(30) };
        try
        {
            using var answer = await client.GetAsync(new Uri($"http://owner/token?resource={Uri.EscapeDataString(resource)}"), cancel);
            var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancel)) as JsonObject;
            // The token goes to the server that gave it and to no other, whatever CARREL_URL says. (A token for Azure's own address is good here too.)
            if (body?["error"]?.ToString() == "invalid_resource" || (answer.IsSuccessStatusCode && Origin(body?["server"]?.ToString()) != resource))
                throw CliException.NotSignedIn($"Single sign-on of this compute instance is for its own server, and CARREL_URL names {resource}: open a new terminal, or run 'carrel login'.");
            if (answer.IsSuccessStatusCode && body?["access_token"]?.ToString() is { Length: > 0 } token
                && long.TryParse(body["expires_on"]?.ToString(), CultureInfo.InvariantCulture, out var seconds)
                && seconds is > 0 and < LatestSecond)
                return new Token(token, DateTimeOffset.FromUnixTimeSeconds(seconds), null);
            throw CliException.NotSignedIn(body?["error_description"]?.ToString() ?? "This machine gives no token of its owner: run 'carrel login'.");
        }
        catch (Exception silent) when (silent is HttpRequestException or JsonException || (silent is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            throw CliException.NotSignedIn("This machine's agent does not answer: run 'carrel login', or restart the compute instance.");
        }
    }

    private static string? Origin(string? address) => Uri.TryCreate(address, UriKind.Absolute, out var server) ? server.GetLeftPart(UriPartial.Authority) : null;
}
