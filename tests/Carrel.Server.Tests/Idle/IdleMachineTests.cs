using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Carrel.TestKit.Servers;
using Shouldly;
using Xunit;

namespace Carrel.Server.Tests.Idle;

/// <summary>
/// Idle shutdown with a real JupyterLab in a real machine. The clock of the samples runs 60 times as fast, so PT15M takes a quarter of a minute; rule, agent and
/// sampling are the product's. Every instance is the caller's own.
/// </summary>
public sealed class IdleMachineTests : IAsyncLifetime
{
    private const double Rate = 60;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(15) / Rate;

    // Behind the period: a sample, the stop itself, and a host that is busy with other tests.
    private static readonly TimeSpan Patience = Period + TimeSpan.FromSeconds(75);

    private RunningCarrel _carrel = null!;
    private ArmClient _arm = null!;

    public async ValueTask InitializeAsync()
    {
        _carrel = await RunningCarrel.StartAsync(
            Path.Combine(AppContext.BaseDirectory, "Carrel.FaultServer.dll"),
            new Dictionary<string, string> { ["CARREL_ACTIVITY_RATE"] = "60", ["CARREL_ACTIVITY_SAMPLE"] = "1" });
        _arm = await ArmClient.SignInAsync(_carrel);
    }

    public async ValueTask DisposeAsync()
    {
        _arm.Dispose();
        await _carrel.DisposeAsync();
    }

    [Fact(DisplayName = "4.T3, 1.T6: Nobody opens it: it stops by itself, says IdleShutdown, and explains why")]
    public async Task An_instance_nobody_opens_stops()
    {
        await CreateAsync("idle-none");
        JsonNode waiting = await UntilAsync("idle-none", explained => explained["decision"]!.GetValue<string>() is "Wait" or "Notice");
        waiting["next"]![0]!["trigger"]!.GetValue<string>().ShouldBe("IdleShutdown");

        JsonNode stopped = await UntilStoppedAsync("idle-none");
        JsonNode last = stopped["lastAutomaticAction"]!;
        (last["trigger"]!.GetValue<string>(), last["outcome"]!.GetValue<string>()).ShouldBe(("IdleShutdown", "Succeeded"));
        last["reason"]!.GetValue<string>().ShouldStartWith("Idle since ");
        last["evidence"]!["signals"]!.AsArray().ShouldNotBeEmpty();
        JsonNode operation = (await _arm.SendAsync(HttpMethod.Get, PathOf("idle-none"))).Body!["properties"]!["properties"]!["lastOperation"]!;
        (operation["operationName"]!.GetValue<string>(), operation["operationStatus"]!.GetValue<string>(), operation["operationTrigger"]!.GetValue<string>())
            .ShouldBe(("Stop", "Succeeded", "IdleShutdown"));
    }

    [Fact(DisplayName = "4.T4: A busy kernel holds its machine, an idle one with its client still open does not")]
    public async Task A_busy_kernel_holds_its_machine()
    {
        await CreateAsync("idle-kernel");
        await KeepAwakeAsync("idle-kernel", 600);
        await MakeAsync("idle-kernel", "/api/kernels", new { name = "python3" }, "id");
        using ClientWebSocket kernel = await OpenKernelAsync("idle-kernel");
        await ExecuteAsync(kernel, $"import time; time.sleep({(int)(Period.TotalSeconds * 1.6)})");
        await UntilAsync("idle-kernel", explained => Keeps(explained, "Kernel"));
        await KeepAwakeAsync("idle-kernel", 0);

        await KeepsRunningAsync("idle-kernel", Period * 1.4, "Kernel");
        JsonNode stopped = await UntilStoppedAsync("idle-kernel");
        stopped["lastAutomaticAction"]!["evidence"]!["signals"]!.AsArray()
            .Where(signal => signal!["kind"]!.GetValue<string>() == "Kernel").Select(signal => signal!["detail"]!.GetValue<string>())
            .ShouldBe(["idle, 1 open connection", "starting, no open connection"], ignoreOrder: true, customMessage: "neither an open client nor a kernel nobody used holds it");
    }

    [Fact(DisplayName = "4.T4: A terminal's silent command holds its machine, an idle open terminal does not")]
    public async Task A_terminal_at_work_holds_its_machine()
    {
        await CreateAsync("idle-term");
        await KeepAwakeAsync("idle-term", 600);
        using ClientWebSocket terminal = await OpenTerminalAsync("idle-term");
        await TypeAsync(terminal, $"sleep {(int)(Period.TotalSeconds * 1.6)}\n");
        await UntilAsync("idle-term", explained => Keeps(explained, "Terminal"));
        await KeepAwakeAsync("idle-term", 0);

        await KeepsRunningAsync("idle-term", Period * 1.4, "Terminal");
        await UntilStoppedAsync("idle-term");
        terminal.State.ShouldBeOneOf(WebSocketState.Open, WebSocketState.Aborted, WebSocketState.CloseReceived, WebSocketState.Closed);
    }

    [Fact]
    public async Task A_process_that_somebody_inside_waits_for_holds_its_machine_as_long_as_it_lives()
    {
        await CreateAsync("idle-pid");
        string container = (await DockerObjects.OfAsync(_carrel.Installation)).Containers.Single();
        string told = await DockerObjects.ExecuteAsync(
            container, $"setsid -f sleep {(int)(Period.TotalSeconds * 1.6)} </dev/null >/dev/null 2>&1; carrel keep-awake --pid $(pgrep -x sleep | tail -1)");
        told.ShouldContain("This instance stays up while process");

        await KeepsRunningAsync("idle-pid", Period * 1.4, "KeepAwakeProcess");
        await UntilStoppedAsync("idle-pid");
    }

    private string PathOf(string name) => $"{_carrel.Workspace}/computes/{name}";

    private Uri Origin(string name) => new($"https://{name}.{_carrel.Client["CARREL_LOCATION"]}.instances.localhost:{new Uri(_carrel.Url).Port}");

    private async Task CreateAsync(string name)
    {
        JsonNode body = JsonNode.Parse(ArmClient.InstanceBody("STANDARD_DS1_V2"))!;
        body["properties"]!["properties"]!["idleTimeBeforeShutdown"] = "PT15M";
        await _arm.WaitAsync(await _arm.SendAsync(HttpMethod.Put, PathOf(name), body.ToJsonString()));
    }

    // Its minutes are seconds here, and a kernel may take that long to come up on a busy host.
    private async Task KeepAwakeAsync(string name, int minutes) =>
        ((int)(await _arm.SendAsync(HttpMethod.Post, PathOf(name) + "/keepAwake", $$"""{"minutes":{{minutes}}}""")).Status).ShouldBe(200);

    private async Task<JsonNode> ExplainAsync(string name) => (await _arm.SendAsync(HttpMethod.Get, PathOf(name) + "/explain")).Body!;

    private async Task KeepsRunningAsync(string name, TimeSpan length, string kind)
    {
        using var over = new CancellationTokenSource(length);
        await UntilAsync(name, explained => Keeps(explained, kind));
        while (!over.IsCancellationRequested)
        {
            JsonNode explained = await ExplainAsync(name);
            explained["state"]!.GetValue<string>().ShouldBe("Running", explained.ToJsonString());
            await Task.Delay(500);
        }
    }

    private static bool Keeps(JsonNode explained, string kind) => explained["signals"]!.AsArray().Any(signal =>
        signal!["kind"]!.GetValue<string>() == kind && signal["active"]!.GetValue<bool>() && signal["counts"]!.GetValue<bool>());

    private Task<JsonNode> UntilStoppedAsync(string name) => UntilAsync(name, explained => explained["state"]!.GetValue<string>() == "Stopped");

    private async Task<JsonNode> UntilAsync(string name, Func<JsonNode, bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        JsonNode explained = await ExplainAsync(name);
        while (!holds(explained))
        {
            patience.IsCancellationRequested.ShouldBeFalse($"waited in vain; the last explanation is {explained.ToJsonString()}");
            await Task.Delay(250);
            explained = await ExplainAsync(name);
        }

        return explained;
    }

    private async Task<ClientWebSocket> OpenKernelAsync(string name)
    {
        string id = await MakeAsync(name, "/api/kernels", new { name = "python3" }, "id");
        return await OpenAsync(name, $"/api/kernels/{id}/channels");
    }

    private async Task<ClientWebSocket> OpenTerminalAsync(string name)
    {
        string id = await MakeAsync(name, "/api/terminals", new { }, "name");
        return await OpenAsync(name, $"/terminals/websocket/{id}");
    }

    private async Task<string> MakeAsync(string name, string path, object body, string member)
    {
        using HttpClient client = _carrel.CreateClient(_arm.Token);
        HttpResponseMessage made = await client.PostAsync(new Uri(Origin(name), path), JsonContent.Create(body));
        made.StatusCode.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.Created);
        return JsonNode.Parse(await made.Content.ReadAsStringAsync())![member]!.GetValue<string>();
    }

    private async Task<ClientWebSocket> OpenAsync(string name, string path)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer " + _arm.Token);
        var http = new HttpMessageInvoker(_carrel.CreateHandler());
        await socket.ConnectAsync(new UriBuilder(new Uri(Origin(name), path)) { Scheme = "wss" }.Uri, http, CancellationToken.None);
        return socket;
    }

    private static Task TypeAsync(ClientWebSocket terminal, string text) =>
        terminal.SendAsync(Encoding.UTF8.GetBytes(new JsonArray("stdin", text).ToJsonString()), WebSocketMessageType.Text, true, CancellationToken.None);

    private static Task ExecuteAsync(ClientWebSocket kernel, string code)
    {
        var request = new JsonObject
        {
            ["channel"] = "shell",
            ["header"] = new JsonObject { ["msg_id"] = "1", ["msg_type"] = "execute_request", ["username"] = "", ["session"] = "s", ["date"] = "", ["version"] = "5.3" },
            ["parent_header"] = new JsonObject(),
            ["metadata"] = new JsonObject(),
            ["content"] = new JsonObject { ["code"] = code, ["silent"] = false, ["store_history"] = true, ["user_expressions"] = new JsonObject(), ["allow_stdin"] = false },
        };
        return kernel.SendAsync(Encoding.UTF8.GetBytes(request.ToJsonString()), WebSocketMessageType.Text, true, CancellationToken.None);
    }
}
