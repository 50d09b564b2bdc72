using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Carrel.Agent.Commands;

/// <summary>
/// The one thing that Azure's libraries ask of <c>az</c> (AzureCliCredential): <c>az account get-access-token</c>, answered with the owner's token. It
/// stands in where the machine has no Azure CLI; everything else is refused in words that let a library go on to its next credential.
/// </summary>
internal static class AzureCommand
{
    private const string Login = "ERROR: Please run 'az login' to setup account.";

    /// <summary>Runs it.</summary>
    /// <param name="arguments">Arguments behind <c>az</c>.</param>
    /// <param name="variable">Reads an environment variable.</param>
    /// <param name="ask">Asks the owner's socket for a resource's token.</param>
    /// <param name="output">Where the answer goes.</param>
    /// <param name="errors">Where refusals go.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        string[] arguments, Func<string, string?> variable, Func<string, Task<(int Status, string Body)>> ask, TextWriter output, TextWriter errors)
    {
        if (arguments is ["--version"])
        {
            await output.WriteLineAsync("azure-cli (stand-in of Carrel: 'az account get-access-token' only)");
            return 0;
        }

        if (arguments is not ["account", "get-access-token", ..])
        {
            await errors.WriteLineAsync("ERROR: This machine has no Azure CLI. Carrel stands in for 'az account get-access-token' only; install azure-cli for the rest, or use 'carrel'.");
            return 2;
        }

        if (Resource(arguments, variable) is not { } resource)
        {
            await errors.WriteLineAsync("ERROR: Only one --resource or --scope can be asked for, and CARREL_URL has to be set without them.");
            return 2;
        }

        (int status, string body) = await ask(resource);
        JsonObject? answer = Parse(body);
        if (status != 200 || answer?["access_token"]?.GetValue<string>() is not { } token
            || !long.TryParse(answer["expires_on"]?.GetValue<string>(), CultureInfo.InvariantCulture, out long seconds))
        {
            // The first line is what libraries look for.
            await errors.WriteLineAsync(Login);
            await errors.WriteLineAsync(answer?["error_description"]?.GetValue<string>() ?? "The machine's agent does not answer.");
            return 1;
        }

        if (arguments.SkipWhile(argument => argument is not ("-o" or "--output")).Skip(1).FirstOrDefault() == "tsv")
        {
            await output.WriteLineAsync(token);
            return 0;
        }

        await output.WriteLineAsync(Json(token, seconds, variable));
        return 0;
    }

    /// <summary>Asks the socket of the machine's agent.</summary>
    public static async Task<(int Status, string Body)> AskAsync(string socket, string resource)
    {
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellation) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
                return new NetworkStream(connection, ownsSocket: true);
            },
        };
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(30) };
        try
        {
            using var answer = await client.GetAsync(new Uri($"http://owner/token?resource={Uri.EscapeDataString(resource)}"));
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException)
        {
            return (0, "");
        }
    }

    private static string? Resource(string[] arguments, Func<string, string?> variable)
    {
        string[] asked =
        [
            .. Values(arguments, "--resource"),
            .. Values(arguments, "--scope").Select(scope => scope.EndsWith("/.default", StringComparison.OrdinalIgnoreCase) ? scope[..^"/.default".Length] : scope),
        ];
        return asked switch { [] => variable("CARREL_URL"), [var only] => only, _ => null };
    }

    private static IEnumerable<string> Values(string[] arguments, string name)
    {
        for (int index = 0; index < arguments.Length; index++)
        {
            if (arguments[index] == name && index + 1 < arguments.Length)
            {
                yield return arguments[index + 1];
            }
            else if (arguments[index].StartsWith(name + "=", StringComparison.Ordinal))
            {
                yield return arguments[index][(name.Length + 1)..];
            }
        }
    }

    // Libraries of some years read expiresOn, in local time; newer ones expires_on.
    private static string Json(string token, long seconds, Func<string, string?> variable) => new JsonObject
    {
        ["accessToken"] = token,
        ["expiresOn"] = DateTimeOffset.FromUnixTimeSeconds(seconds).LocalDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        ["expires_on"] = seconds,
        ["subscription"] = variable("CARREL_SUBSCRIPTION"),
        ["tenant"] = variable("CARREL_TENANT"),
        ["tokenType"] = "Bearer",
    }.ToJsonString();

    private static JsonObject? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
