using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Carrel.Agent.Tests.Machine;
using Carrel.AgentProtocol;
using Carrel.Engine.Agents;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Carrel.Agent.Tests.Connection;

public sealed class HttpAgentConnectorTests
{
    private const string HealthyAnswer = """{"version":"1","uptimeSeconds":1,"bootId":"b","configured":true,"settingsVersion":1,"services":[],"problems":[]}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static HttpAgentConnector Connector(double deadlineSeconds = 20) =>
        new(TimeProvider.System, new AgentConnectionOptions { ConnectDeadline = TimeSpan.FromSeconds(deadlineSeconds), RequestTimeout = TimeSpan.FromSeconds(10) });

    [Fact]
    public async Task A_machine_that_is_still_booting_is_tried_until_its_agent_listens()
    {
        await using var machine = await TestMachine.StartAsync();
        var endpoint = machine.Endpoint;
        await machine.HaltAsync();
        var connecting = Connector().ConnectAsync(endpoint, machine.Secret, Stop);
        connecting.IsCompleted.ShouldBeFalse();
        await machine.BootAsync(endpoint.Port);

        await using var agent = await connecting;
        agent.IsConnected.ShouldBeTrue();
        (await agent.HealthAsync(Stop)).Configured.ShouldBeFalse();
    }

    [Fact]
    public async Task Nobody_listening_until_the_deadline_is_unreachable()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();

        await Should.ThrowAsync<AgentUnreachableException>(() =>
            Connector(0.05).ConnectAsync(new AgentEndpoint("127.0.0.1", port), MachineSecret.Create(), Stop));
    }

    [Fact]
    public async Task Another_machines_secret_is_refused_at_once()
    {
        await using var machine = await TestMachine.StartAsync();
        var watch = Stopwatch.StartNew();
        var refusal = await Should.ThrowAsync<AgentProtocolException>(() => Connector().ConnectAsync(machine.Endpoint, MachineSecret.Create(), Stop));

        refusal.Code.ShouldBe("NotThisMachine");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_lost_connection_is_told_and_never_opened_again_behind_the_callers_back()
    {
        await using var machine = await TestMachine.StartAsync();
        await using var agent = await machine.ConnectAsync();
        var port = machine.Endpoint.Port;
        await machine.HaltAsync();
        await machine.BootAsync(port);

        await Should.ThrowAsync<AgentUnreachableException>(() => agent.HealthAsync(Stop));
        agent.IsConnected.ShouldBeFalse();
        await using var anew = await machine.ConnectAsync();
        anew.IsConnected.ShouldBeTrue();
    }

    [Fact]
    public async Task A_closed_agent_is_not_connected()
    {
        await using var machine = await TestMachine.StartAsync();
        var agent = await machine.ConnectAsync();
        await agent.DisposeAsync();

        agent.IsConnected.ShouldBeFalse();
        await Should.ThrowAsync<AgentUnreachableException>(() => agent.HealthAsync(Stop));
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled_and_the_connection_stays()
    {
        await using var machine = await TestMachine.StartAsync();
        machine.Jupyter.Answers["/api/status"] = (503, "");
        await using var agent = await machine.ConnectAsync();
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Should.ThrowAsync<OperationCanceledException>(() => agent.WaitUntilReadyAsync(TimeSpan.FromSeconds(20), cancelled.Token));
        (await agent.HealthAsync(Stop)).Version.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Something_that_is_no_address_is_the_callers_mistake() =>
        await Should.ThrowAsync<ArgumentException>(() => Connector().ConnectAsync(new AgentEndpoint("localhost/x"), MachineSecret.Create(), Stop));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("<html>")]
    [InlineData("""{"sampledAt":"yesterday","complete":true,"reason":null,"kernels":[],"terminals":[],"sshSessions":0}""")]
    [InlineData("""{"sampledAt":"2026-11-21T07:00:00Z","complete":true,"reason":null,"kernels":null,"terminals":[],"sshSessions":0}""")]
    [InlineData("""{"sampledAt":"2026-11-21T07:00:00Z","complete":true,"reason":null,"kernels":[null],"terminals":[],"sshSessions":0}""")]
    [InlineData("""{"sampledAt":"2026-11-21T07:00:00Z","complete":true,"reason":null,"kernels":[],"terminals":[],"sshSessions":-1}""")]
    [InlineData("""{"sampledAt":"2026-11-21T07:00:00Z","complete":true,"reason":null,"kernels":[],"terminals":[],"sshSessions":99999999999}""")]
    [InlineData("""{"sampledAt":"2026-11-21T07:00:00Z","complete":true,"reason":null,"kernels":[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]],"terminals":[],"sshSessions":0}""")]
    [InlineData("""{"sampledAt":"2026-11-21T07:00:00Z","complete":true,"reason":null,"kernels":[],"terminals":[],"sshSessions":0,"processorPercent":100.5}""")]
    [InlineData("""{"sampledAt":"2026-11-21T07:00:00Z","complete":true,"reason":null,"kernels":[],"terminals":[],"sshSessions":0,"editors":[null]}""")]
    [InlineData("""{"sampledAt":"2026-11-21T07:00:00Z","complete":true,"reason":null,"kernels":[],"terminals":[],"sshSessions":0,"jobs":null}""")]
    public async Task An_answer_that_cannot_be_is_refused(string body)
    {
        await using var hostile = await HostileAsync("/activity", 200, body);
        await using var agent = await hostile.ConnectAsync();

        (await Should.ThrowAsync<AgentProtocolException>(() => agent.ActivityAsync(Stop))).Code.ShouldBe("InvalidAnswer");
    }

    [Fact]
    public async Task Jobs_VS_Code_applications_and_loads_arrive_as_the_protocol_writes_them()
    {
        await using var scripted = await HostileAsync("/activity", 200, """
            {"sampledAt":"2026-11-21T07:00:00Z","complete":true,"reason":null,"kernels":[],"terminals":[],"sshSessions":2,"processorPercent":12.5,"gpuPercent":null,
             "jobs":[{"id":"train","status":"Queued"}],"editors":[{"id":"e1","lastActivity":"2026-11-21T06:00:00Z"}],"applications":[{"name":"rstudio","running":true}],
             "keptProcesses":[{"id":4711,"name":"make","since":"2026-11-21T05:00:00Z"}]}
            """);
        await using var agent = await scripted.ConnectAsync();
        var said = await agent.ActivityAsync(Stop);

        said.Jobs.ShouldBe([new JobActivity("train", "Queued")]);
        said.Editors.ShouldBe([new EditorActivity("e1", DateTimeOffset.Parse("2026-11-21T06:00:00Z", null))]);
        said.Applications.ShouldBe([new ApplicationActivity("rstudio", true)]);
        said.KeptProcesses.Single().Id.ShouldBe(4711);
        (said.ProcessorPercent, said.GpuPercent).ShouldBe((12.5, null));
    }

    [Fact]
    public async Task An_older_agent_that_reports_none_of_these_is_understood()
    {
        await using var older = await HostileAsync("/activity", 200, """{"sampledAt":"2026-11-21T07:00:00Z","complete":true,"reason":null,"kernels":[],"terminals":[],"sshSessions":0}""");
        await using var agent = await older.ConnectAsync();

        (await agent.ActivityAsync(Stop)).Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_list_beyond_the_bound_is_refused()
    {
        const string Terminal = """{"name":"1","lastActivity":"2026-11-21T07:00:00Z","hasRunningChild":false}""";
        var terminals = string.Join(',', Enumerable.Repeat(Terminal, AgentContract.MostEntries + 1));
        await using var hostile = await HostileAsync(
            "/activity", 200, $$"""{"sampledAt":"2026-11-21T07:00:00Z","complete":true,"reason":null,"kernels":[],"terminals":[{{terminals}}],"sshSessions":0}""");
        await using var agent = await hostile.ConnectAsync();

        (await Should.ThrowAsync<AgentProtocolException>(() => agent.ActivityAsync(Stop))).Message.ShouldContain("1001 entries");
    }

    [Fact]
    public async Task An_answer_beyond_one_megabyte_is_dropped()
    {
        await using var hostile = await HostileAsync("/activity", 200, new string(' ', AgentContract.LargestAnswerBytes + 1));
        await using var agent = await hostile.ConnectAsync();

        (await Should.ThrowAsync<AgentProtocolException>(() => agent.ActivityAsync(Stop))).Code.ShouldBe("AnswerTooLarge");
    }

    [Fact]
    public async Task Texts_are_cut_and_freed_of_what_would_break_a_log_line()
    {
        var name = "a\\nb\\u001b[31m\\u2028\\ud83d\\ude00" + new string('x', 1000);
        await using var hostile = await HostileAsync(
            "/activity",
            200,
            $$"""{"sampledAt":"2026-11-21T07:00:00Z","complete":true,"reason":null,"kernels":[],"terminals":[{"name":"{{name}}","lastActivity":"2026-11-21T07:00:00Z","hasRunningChild":false}],"sshSessions":0}""");
        await using var agent = await hostile.ConnectAsync();
        var heard = (await agent.ActivityAsync(Stop)).Terminals.Single().Name;

        heard.ShouldStartWith("ab[31mxxx");
        heard.Length.ShouldBeLessThanOrEqualTo(AgentContract.LongestText);
    }

    [Theory]
    [InlineData(500, "", "InvalidAnswer")]
    [InlineData(400, """{"code":"In\u0007valid","message":"m\nn"}""", "Invalid")]
    [InlineData(302, "", "InvalidAnswer")]
    [InlineData(204, "", "InvalidAnswer")]
    public async Task A_refusal_keeps_its_code_without_control_characters_and_a_redirect_is_not_followed(int status, string body, string code)
    {
        await using var hostile = await HostileAsync("/activity", status, body);
        await using var agent = await hostile.ConnectAsync();
        var refusal = await Should.ThrowAsync<AgentProtocolException>(() => agent.ActivityAsync(Stop));

        refusal.Code.ShouldBe(code);
        refusal.Message.ShouldNotContain('\n');
        hostile.Server.Requests.ShouldNotContain(request => request.Target == "/elsewhere");
    }

    [Fact]
    public async Task Never_ready_ends_with_the_limit()
    {
        await using var hostile = await HostileAsync("/ready", 200, """{"ready":false,"reason":"no"}""");
        await using var agent = await hostile.ConnectAsync();

        (await agent.WaitUntilReadyAsync(TimeSpan.FromMilliseconds(60), Stop)).ShouldBe(new Readiness(false, "no"));
        hostile.Server.Requests.Count.ShouldBeLessThan(10);
    }

    private static async Task<HostileAgent> HostileAsync(string path, int status, string body)
    {
        var server = await FakeServer.StartAsync(HttpProtocols.Http2);
        server.Answers["/health"] = (200, HealthyAnswer);
        server.Answers[path] = (status, body);
        var secret = MachineSecret.Create();
        return new HostileAgent(server, secret, new LineFront(secret, server.Address.Port));
    }

    /// <summary>What a machine's user can put in the agent's place.</summary>
    private sealed record HostileAgent(FakeServer Server, MachineSecret Secret, LineFront Lines) : IAsyncDisposable
    {
        public Task<IAgent> ConnectAsync() => Connector().ConnectAsync(Lines.Endpoint, Secret, Stop);

        public async ValueTask DisposeAsync()
        {
            await Lines.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
