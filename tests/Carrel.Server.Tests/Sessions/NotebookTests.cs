using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Carrel.TestKit.Servers;
using Shouldly;
using Xunit;

namespace Carrel.Server.Tests.Sessions;

/// <summary>The owner works in JupyterLab through the gateway; everybody else is turned away, on HTTP and on WebSocket.</summary>
public sealed class NotebookTests : IAsyncLifetime
{
    private const string Name = "work-one";
    private const string SecondPassword = "a-Quite-long-passphrase-7";

    private RunningCarrel _carrel = null!;
    private ArmClient _arm = null!;
    private Uri _origin = null!;

    public async ValueTask InitializeAsync()
    {
        _carrel = await RunningCarrel.StartAsync();
        _arm = await ArmClient.SignInAsync(_carrel);
        _origin = new Uri($"https://{Name}.{_carrel.Client["CARREL_LOCATION"]}.instances.localhost:{new Uri(_carrel.Url).Port}");
    }

    public async ValueTask DisposeAsync()
    {
        _arm.Dispose();
        await _carrel.DisposeAsync();
    }

    [Fact]
    public async Task The_owner_signs_in_and_a_Python_kernel_answers_42()
    {
        (string user, string password) = Administrator();
        await CreateForAsync(await ObjectIdOfAsync(user));
        using var browser = new Browser(_carrel);

        HttpResponseMessage page = await browser.OpenAsync(new Uri(_origin, "/lab").ToString());
        browser.Location.GetLeftPart(UriPartial.Authority).ShouldBe(_carrel.Url, "the way in leads over the studio");
        HttpResponseMessage lab = await browser.SignInAsync(page, user, password);

        lab.StatusCode.ShouldBe(HttpStatusCode.OK);
        browser.Location.ShouldBe(new Uri(_origin, "/lab"));
        (await lab.Content.ReadAsStringAsync()).ShouldContain("JupyterLab");
        (await CalculateAsync(browser)).ShouldBe("42");
        (await browser.OpenAsync(_carrel.Url)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await (await browser.OpenAsync(_carrel.Url)).Content.ReadAsStringAsync()).ShouldContain(Name, customMessage: "the home page lists own instances");

        await RefuseStrangersAsync(browser);
    }

    [Fact]
    public async Task A_service_principal_opens_its_own_instance_with_its_token()
    {
        JsonObject instance = await _arm.CreateInstanceAsync($"{_carrel.Workspace}/computes/{Name}");
        using HttpClient client = _carrel.CreateClient(_arm.Token);
        foreach (JsonNode? application in instance["properties"]!["properties"]!["applications"]!.AsArray())
        {
            string address = application!["endpointUri"]!.GetValue<string>();
            (await FollowAsync(client, new Uri(address))).StatusCode.ShouldBe(HttpStatusCode.OK, $"the instance offers {address}");
        }

        HttpResponseMessage status = await client.GetAsync(new Uri(_origin, "/api/status"));
        status.StatusCode.ShouldBe(HttpStatusCode.OK);
        HttpResponseMessage kernel = await client.PostAsync(new Uri(_origin, "/api/kernels"), JsonContent.Create(new { name = "python3" }));
        kernel.StatusCode.ShouldBe(HttpStatusCode.Created, "a token needs no Origin");

        await _arm.WaitAsync(await _arm.SendAsync(HttpMethod.Post, $"{_carrel.Workspace}/computes/{Name}/stop"));
        HttpResponseMessage stopped = await client.GetAsync(new Uri(_origin, "/api/status"));
        stopped.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await stopped.Content.ReadAsStringAsync()).ShouldContain("ComputeInstanceNotRunning");
    }

    // The client follows no redirects by itself.
    private static async Task<HttpResponseMessage> FollowAsync(HttpClient client, Uri address)
    {
        HttpResponseMessage answer = await client.GetAsync(address);
        for (int hops = 0; hops < 5 && answer.Headers.Location is { } next; hops++)
        {
            address = new Uri(address, next);
            answer = await client.GetAsync(address);
        }

        return answer;
    }

    private async Task RefuseStrangersAsync(Browser owner)
    {
        var socket = new UriBuilder(new Uri(_origin, "/api/events/subscribe")) { Scheme = "wss" }.Uri;
        string origin = _origin.GetLeftPart(UriPartial.Authority);
        const string session = "__Host-carrel-instance";

        using var nobody = new Browser(_carrel);
        await ShouldBeRefusedAsync(nobody, socket, origin, "no cookie");

        using var forger = new Browser(_carrel);
        forger.SetCookie(_origin, session, new string('A', owner.CookiesOf(_origin)[session].Length));
        await ShouldBeRefusedAsync(forger, socket, origin, "a forged cookie");

        using Browser second = await SignInSecondUserAsync();
        HttpResponseMessage turnedAway = await second.OpenAsync(new Uri(_origin, "/lab").ToString());
        turnedAway.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        await ShouldBeRefusedAsync(second, socket, origin, "another signed-in user");

        (await owner.SendAsync(HttpMethod.Post, new Uri(_origin, "/api/kernels"), JsonContent.Create(new { name = "python3" }), "https://evil.example")).StatusCode
            .ShouldBe(HttpStatusCode.Forbidden, "a foreign Origin");
        await Should.ThrowAsync<WebSocketException>(() => owner.OpenSocketAsync(socket, "https://other.local.instances.localhost"));
        using ClientWebSocket own = await owner.OpenSocketAsync(socket, origin);
        own.State.ShouldBe(WebSocketState.Open, "the same call of the owner goes through");
    }

    private async Task ShouldBeRefusedAsync(Browser browser, Uri socket, string origin, string who)
    {
        HttpResponseMessage answer = await browser.SendAsync(HttpMethod.Get, new Uri(_origin, "/api/status"));
        ((int)answer.StatusCode).ShouldBeOneOf([302, 401, 403], who);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("last_activity", customMessage: who);
        await Should.ThrowAsync<WebSocketException>(() => browser.OpenSocketAsync(socket, origin), who);
    }

    private async Task<string> CalculateAsync(Browser browser)
    {
        string origin = _origin.GetLeftPart(UriPartial.Authority);
        HttpResponseMessage started = await browser.SendAsync(HttpMethod.Post, new Uri(_origin, "/api/kernels"), JsonContent.Create(new { name = "python3" }), origin);
        started.StatusCode.ShouldBe(HttpStatusCode.Created);
        string kernel = JsonNode.Parse(await started.Content.ReadAsStringAsync())!["id"]!.GetValue<string>();
        using ClientWebSocket socket = await browser.OpenSocketAsync(
            new UriBuilder(new Uri(_origin, $"/api/kernels/{kernel}/channels")) { Scheme = "wss" }.Uri, origin);
        await socket.SendAsync(Encoding.UTF8.GetBytes(ExecuteRequest("6*7")), WebSocketMessageType.Text, true, CancellationToken.None);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            JsonNode message = JsonNode.Parse(await ReceiveAsync(socket, patience.Token))!;
            if (message["header"]!["msg_type"]!.GetValue<string>() == "execute_result")
                return message["content"]!["data"]!["text/plain"]!.GetValue<string>();
        }
    }

    private static string ExecuteRequest(string code) => new JsonObject
    {
        ["channel"] = "shell",
        ["header"] = new JsonObject { ["msg_id"] = "1", ["msg_type"] = "execute_request", ["username"] = "", ["session"] = "s", ["date"] = "", ["version"] = "5.3" },
        ["parent_header"] = new JsonObject(),
        ["metadata"] = new JsonObject(),
        ["content"] = new JsonObject { ["code"] = code, ["silent"] = false, ["store_history"] = true, ["user_expressions"] = new JsonObject(), ["allow_stdin"] = false },
    }.ToJsonString();

    private static async Task<string> ReceiveAsync(ClientWebSocket socket, CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        using var message = new MemoryStream();
        WebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer, cancellation);
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return Encoding.UTF8.GetString(message.ToArray());
    }

    private async Task CreateForAsync(string owner)
    {
        var body = new JsonObject
        {
            ["properties"] = new JsonObject
            {
                ["computeType"] = "ComputeInstance",
                ["properties"] = new JsonObject
                {
                    ["vmSize"] = "STANDARD_DS2_V2",
                    ["personalComputeInstanceSettings"] = new JsonObject
                    {
                        ["assignedUser"] = new JsonObject { ["objectId"] = owner, ["tenantId"] = _carrel.Client["CARREL_TENANT"] },
                    },
                },
            },
        };
        await _arm.WaitAsync(await _arm.SendAsync(HttpMethod.Put, $"{_carrel.Workspace}/computes/{Name}", body.ToJsonString()));
    }

    private async Task<Browser> SignInSecondUserAsync()
    {
        string user = "second@" + Administrator().User.Split('@')[1];
        HttpResponseMessage made = await _arm.Http.PostAsJsonAsync(
            "/v1.0/users", new { displayName = "Second", userPrincipalName = user, passwordProfile = new { password = SecondPassword } });
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        var browser = new Browser(_carrel);
        HttpResponseMessage home = await browser.SignInAsync(await browser.OpenAsync(_carrel.Url), user, SecondPassword);
        home.StatusCode.ShouldBe(HttpStatusCode.OK);
        return browser;
    }

    private async Task<string> ObjectIdOfAsync(string user)
    {
        JsonNode users = JsonNode.Parse(await _arm.Http.GetStringAsync("/v1.0/users"))!;
        return users["value"]!.AsArray().Single(row => row!["userPrincipalName"]!.GetValue<string>() == user)!["id"]!.GetValue<string>();
    }

    private (string User, string Password) Administrator()
    {
        string[] lines = File.ReadAllLines(Path.Combine(_carrel.DataFolder, "administrator"));
        return (lines[0]["user: ".Length..], lines[1]["password: ".Length..]);
    }
}
