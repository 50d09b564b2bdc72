using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Carrel.TestKit.Servers;
using Shouldly;
using Xunit;

namespace Carrel.Server.Tests.Schedules;

/// <summary>A real machine is warned in its terminal, stopped and started again by its schedules, in real time.</summary>
public sealed class ScheduledStopTests
{
    private const string Name = "on-time";

    [Fact(DisplayName = "1.T6 A terminal of a real instance shows the notice, then the schedule stops it and another one starts it")]
    public async Task A_terminal_shows_the_notice_then_the_schedule_stops_the_instance_and_another_one_starts_it()
    {
        await using RunningCarrel carrel = await RunningCarrel.StartAsync();
        using ArmClient arm = await ArmClient.SignInAsync(carrel);
        string path = $"{carrel.Workspace}/computes/{Name}";
        await arm.CreateInstanceAsync(path);
        using ClientWebSocket terminal = await OpenTerminalAsync(carrel, arm);
        Task<string> screen = ReadAsync(terminal, "carrel compute dismiss " + Name);

        DateTimeOffset stopAt = await ScheduleAsync(arm, path, "Stop", TimeSpan.FromSeconds(15));
        string shown = await screen.WaitAsync(TimeSpan.FromSeconds(14));
        shown.ShouldContain($"the compute instance {Name} will be stopped in a minute, at {stopAt.UtcDateTime:yyyy-MM-ddTHH:mm:ss}Z");
        JsonNode notice = (await arm.SendAsync(HttpMethod.Get, path + "/scheduledEvents")).Body!["value"]!.AsArray().Single()!;
        notice["properties"]!["state"]!.GetValue<string>().ShouldBe("Pending");
        State(await arm.SendAsync(HttpMethod.Get, path)).ShouldBe("Running");

        JsonNode stopped = await UntilAsync(arm, path, "Stopped");
        Last(stopped).ShouldBe(("Stop", "Succeeded", "Schedule"));
        DateTimeOffset.UtcNow.ShouldBeGreaterThanOrEqualTo(stopAt);
        (await arm.SendAsync(HttpMethod.Get, $"{path}/scheduledEvents/{notice["name"]}")).Body!["properties"]!["state"]!.GetValue<string>().ShouldBe("Done");

        await ScheduleAsync(arm, path, "Start", TimeSpan.FromSeconds(5));
        Last(await UntilAsync(arm, path, "Running")).ShouldBe(("Start", "Succeeded", "Schedule"));
        JsonArray log = (await arm.SendAsync(
            HttpMethod.Get,
            $"/subscriptions/{carrel.Client["CARREL_SUBSCRIPTION"]}/providers/Microsoft.Insights/eventtypes/management/values?$filter={Uri.EscapeDataString($"eventTimestamp ge '{DateTimeOffset.UtcNow.AddHours(-1):O}' and resourceUri eq '{path}'")}"))
            .Body!["value"]!.AsArray();
        log.Select(row => row!["operationName"]!["value"]!.GetValue<string>()).ShouldContain("Carrel/ScheduledShutdownPending");
        log.Count(row => row!["properties"]!["cause"]!.GetValue<string>() == "Schedule" && row["status"]!["value"]!.GetValue<string>() == "Succeeded").ShouldBe(2);
    }

    // A recurrence by the hour fires at its start time to the second.
    private static async Task<DateTimeOffset> ScheduleAsync(ArmClient arm, string path, string action, TimeSpan ahead)
    {
        DateTimeOffset at = DateTimeOffset.FromUnixTimeSeconds((DateTimeOffset.UtcNow + ahead).ToUnixTimeSeconds());
        ArmAnswer answer = await arm.SendAsync(HttpMethod.Post, path + "/updateSchedules", $$$"""
            {"computeStartStop":[{"action":"{{{action}}}","triggerType":"Recurrence","recurrence":{"frequency":"Hour","interval":1,"startTime":"{{{at.UtcDateTime:yyyy-MM-ddTHH:mm:ss}}}"}}]}
            """);
        ((int)answer.Status).ShouldBe(200, answer.Body?.ToJsonString());
        return at;
    }

    private static async Task<ClientWebSocket> OpenTerminalAsync(RunningCarrel carrel, ArmClient arm)
    {
        var origin = new Uri($"https://{Name}.{carrel.Client["CARREL_LOCATION"]}.instances.localhost:{new Uri(carrel.Url).Port}");
        using HttpClient client = carrel.CreateClient(arm.Token);
        using HttpResponseMessage made = await client.PostAsync(new Uri(origin, "/api/terminals"), null);
        string body = await made.Content.ReadAsStringAsync();
        made.IsSuccessStatusCode.ShouldBeTrue(body);
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer " + arm.Token);
        using var invoker = new HttpMessageInvoker(carrel.CreateHandler());
        var address = new UriBuilder(new Uri(origin, $"/terminals/websocket/{JsonNode.Parse(body)!["name"]}")) { Scheme = "wss" };
        await socket.ConnectAsync(address.Uri, invoker, default);
        return socket;
    }

    // Messages of terminado: ["stdout", text].
    private static async Task<string> ReadAsync(ClientWebSocket terminal, string until)
    {
        var screen = new StringBuilder();
        byte[] buffer = new byte[64 * 1024];
        while (!screen.ToString().Contains(until, StringComparison.Ordinal))
        {
            var message = new MemoryStream();
            WebSocketReceiveResult part;
            do
            {
                part = await terminal.ReceiveAsync(buffer, default);
                message.Write(buffer, 0, part.Count);
            }
            while (!part.EndOfMessage);
            if (part.MessageType == WebSocketMessageType.Close)
                throw new InvalidOperationException("The terminal was closed; it showed: " + screen);
            if (JsonNode.Parse(message.ToArray()) is JsonArray { Count: > 1 } said && said[0]?.ToString() == "stdout")
                screen.Append(said[1]);
        }

        return screen.ToString();
    }

    private static async Task<JsonNode> UntilAsync(ArmClient arm, string path, string state)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (true)
        {
            ArmAnswer answer = await arm.SendAsync(HttpMethod.Get, path);
            if (State(answer) == state)
                return answer.Body!;
            await Task.Delay(100, patience.Token);
        }
    }

    private static string State(ArmAnswer answer) => answer.Body!["properties"]!["properties"]!["state"]!.GetValue<string>();

    private static (string Name, string Status, string Trigger) Last(JsonNode instance)
    {
        JsonNode last = instance["properties"]!["properties"]!["lastOperation"]!;
        return (last["operationName"]!.GetValue<string>(), last["operationStatus"]!.GetValue<string>(), last["operationTrigger"]!.GetValue<string>());
    }
}
