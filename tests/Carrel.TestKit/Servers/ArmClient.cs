using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Carrel.TestKit.Servers;

/// <summary>The few ARM calls that tests make themselves: a token, a JSON call, waiting for an operation.</summary>
public sealed class ArmClient : IDisposable
{
    private const string ApiVersion = "2025-12-01";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private ArmClient(HttpClient http, string token)
    {
        Http = http;
        Token = token;
    }

    /// <summary>The client underneath, with the bearer token.</summary>
    public HttpClient Http { get; }

    /// <summary>The access token.</summary>
    public string Token { get; }

    /// <summary>Signs in as the first service principal.</summary>
    public static Task<ArmClient> SignInAsync(RunningCarrel carrel) => SignInAsync(carrel, carrel.Client["CARREL_CLIENT_ID"], carrel.Client["CARREL_CLIENT_SECRET"]);

    /// <summary>Signs in as a service principal.</summary>
    public static async Task<ArmClient> SignInAsync(RunningCarrel carrel, string clientId, string secret)
    {
        using HttpClient anonymous = carrel.CreateClient();
        using HttpResponseMessage answer = await anonymous.PostAsync(
            $"/{carrel.Client["CARREL_TENANT"]}/oauth2/v2.0/token",
            new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = clientId,
                ["client_secret"] = secret,
                ["scope"] = carrel.Url + "/.default",
            }));
        string body = await answer.Content.ReadAsStringAsync();
        string token = JsonNode.Parse(body)?["access_token"]?.GetValue<string>() ?? throw new InvalidOperationException("No token: " + body);
        return new ArmClient(carrel.CreateClient(token), token);
    }

    /// <summary>Sends a call; the body is JSON text or null.</summary>
    public async Task<ArmAnswer> SendAsync(HttpMethod method, string path, string? body = null)
    {
        string url = path.Contains("api-version=", StringComparison.Ordinal) ? path : $"{path}{(path.Contains('?') ? '&' : '?')}api-version={ApiVersion}";
        using var request = new HttpRequestMessage(method, url);
        if (body is not null)
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        HttpResponseMessage answer = await Http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        return new ArmAnswer(answer, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    /// <summary>Creates an instance of the default size and waits until it runs.</summary>
    public async Task<JsonObject> CreateInstanceAsync(string path, string size = "STANDARD_DS2_V2")
    {
        ArmAnswer accepted = await SendAsync(HttpMethod.Put, path, InstanceBody(size));
        await WaitAsync(accepted);
        return (await SendAsync(HttpMethod.Get, path)).Body!.AsObject();
    }

    /// <summary>Body of the simplest instance.</summary>
    public static string InstanceBody(string size = "STANDARD_DS2_V2") =>
        new JsonObject
        {
            ["location"] = "local",
            ["properties"] = new JsonObject { ["computeType"] = "ComputeInstance", ["properties"] = new JsonObject { ["vmSize"] = size } },
        }.ToJsonString();

    /// <summary>Follows an operation to its end.</summary>
    /// <exception cref="InvalidOperationException">It did not succeed, or was not accepted.</exception>
    public async Task WaitAsync(ArmAnswer accepted)
    {
        JsonNode end = await WaitForEndAsync(accepted);
        if (end["status"]!.GetValue<string>() != "Succeeded")
            throw new InvalidOperationException("The operation ended: " + end.ToJsonString());
    }

    /// <summary>Follows an operation until it has ended, well or not.</summary>
    public async Task<JsonNode> WaitForEndAsync(ArmAnswer accepted)
    {
        if (!accepted.Message.IsSuccessStatusCode || !accepted.Message.Headers.TryGetValues("Azure-AsyncOperation", out IEnumerable<string>? values))
            throw new InvalidOperationException($"Not accepted: {(int)accepted.Message.StatusCode} {accepted.Body?.ToJsonString()}");
        string path = new Uri(values.Single()).PathAndQuery;
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            JsonNode status = (await SendAsync(HttpMethod.Get, path)).Body!;
            if (status["status"]!.GetValue<string>() != "InProgress")
                return status;
            await Task.Delay(50, patience.Token);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Http.Dispose();
}

/// <summary>An answer with its body.</summary>
/// <param name="Message">Status and headers.</param>
/// <param name="Body">JSON body, or null.</param>
public sealed record ArmAnswer(HttpResponseMessage Message, JsonNode? Body)
{
    /// <summary>HTTP status.</summary>
    public HttpStatusCode Status => Message.StatusCode;

    /// <summary><c>error.code</c>, or null.</summary>
    public string? ErrorCode => Body?["error"]?["code"]?.GetValue<string>();
}
