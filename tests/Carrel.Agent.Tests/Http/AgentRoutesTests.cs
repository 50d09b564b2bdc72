using System.Net;
using System.Text.Json;
using Carrel.Agent.Tests.Machine;
using Carrel.AgentProtocol;

namespace Carrel.Agent.Tests.Http;

public sealed class AgentRoutesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/nowhere", "", 404, "NotFound")]
    [InlineData("GET", "/", "", 404, "NotFound")]
    [InlineData("GET", "/health/", "", 404, "NotFound")]
    [InlineData("POST", "/health", "", 405, "MethodNotAllowed")]
    [InlineData("GET", "/settings", "", 405, "MethodNotAllowed")]
    [InlineData("PUT", "/services/agent", """{"up":false}""", 404, "ServiceNotFound")]
    [InlineData("PUT", "/services/..%2Fsv%2Fjupyter", """{"up":true}""", 404, "ServiceNotFound")]
    [InlineData("PUT", "/services/jupyter", "{}", 400, "InvalidJson")]
    [InlineData("PUT", "/services/jupyter", """{"up":"yes"}""", 400, "InvalidJson")]
    [InlineData("PUT", "/settings", "", 400, "InvalidJson")]
    [InlineData("PUT", "/settings", "null", 400, "InvalidJson")]
    [InlineData("PUT", "/settings", "[]", 400, "InvalidJson")]
    [InlineData("PUT", "/settings", "{}", 400, "InvalidJson")]
    [InlineData("PUT", "/settings", """{"instanceName":""", 400, "InvalidJson")]
    [InlineData("GET", "/ready?wait=31", "", 400, "InvalidWait")]
    [InlineData("GET", "/ready?wait=-1", "", 400, "InvalidWait")]
    [InlineData("GET", "/ready?wait=NaN", "", 400, "InvalidWait")]
    [InlineData("GET", "/ready?wait=1&wait=2", "", 400, "InvalidWait")]
    public async Task A_request_that_cannot_be_served_is_refused_with_code_and_message(string method, string path, string body, int status, string code)
    {
        await using var machine = await TestMachine.StartAsync();
        using var client = machine.Client();
        using var answer = await client.SendAsync(
            new HttpRequestMessage(new HttpMethod(method), path) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = body == "" ? null : TestMachine.Json(body) }, Stop);

        ((int)answer.StatusCode).ShouldBe(status);
        var error = JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(Stop), AgentJson.Default.AgentError)!;
        error.Code.ShouldBe(code);
        error.Message.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_body_over_64_KB_is_refused_with_413()
    {
        await using var machine = await TestMachine.StartAsync();
        using var client = machine.Client();
        using var answer = await client.PutAsync("/settings", TestMachine.Json($"\"{new string('x', 64 * 1024)}\""), Stop);

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await answer.Content.ReadAsStringAsync(Stop)).ShouldContain("BodyTooLarge");
    }

    [Fact]
    public async Task Health_tells_version_boot_and_services()
    {
        await using var machine = await TestMachine.StartAsync();
        await using var agent = await machine.ConnectAsync();

        var first = await agent.HealthAsync(Stop);
        first.Version.ShouldBe(AgentVersion.Current);
        first.Configured.ShouldBeFalse();
        first.SettingsVersion.ShouldBeNull();
        first.Services.ShouldBe([new ServiceHealth("jupyter", ServiceState.Down, MachineTree.Since), new ServiceHealth("sshd", ServiceState.Down, MachineTree.Since)]);

        var second = await agent.HealthAsync(Stop);
        second.BootId.ShouldBe(first.BootId);
        second.UptimeSeconds.ShouldBeGreaterThanOrEqualTo(first.UptimeSeconds);
    }

    [Fact]
    public async Task A_service_is_switched_up_and_down_again()
    {
        await using var machine = await TestMachine.StartAsync();
        await using var agent = await machine.ConnectAsync();

        (await agent.SwitchServiceAsync("sshd", true, Stop)).Services.Single(service => service.Name == "sshd").State.ShouldBe(ServiceState.Up);
        (await agent.SwitchServiceAsync("sshd", false, Stop)).Services.Single(service => service.Name == "sshd").State.ShouldBe(ServiceState.Down);
        machine.Tree.Calls.ShouldBe(["up sshd", "down sshd"]);
    }

    [Fact]
    public async Task A_service_whose_supervisor_is_not_there_is_refused_with_409()
    {
        await using var machine = await TestMachine.StartAsync(tree => tree.Supervisor("exit 1"));
        using var client = machine.Client();
        using var answer = await client.PutAsync("/services/jupyter", TestMachine.Json("""{"up":true}"""), Stop);

        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await answer.Content.ReadAsStringAsync(Stop)).ShouldContain("ServiceNotSwitched");
    }

    [Fact]
    public async Task Readiness_waits_until_Jupyter_answers_200()
    {
        await using var machine = await TestMachine.StartAsync();
        await using var agent = await machine.ConnectAsync();
        machine.Jupyter.Answers["/api/status"] = (403, "");

        (await agent.WaitUntilReadyAsync(TimeSpan.Zero, Stop)).ShouldBe(new Readiness(false, "Jupyter answers 403."));
        var waiting = agent.WaitUntilReadyAsync(TimeSpan.FromSeconds(20), Stop);
        var asked = machine.Jupyter.Requests.Count;
        while (machine.Jupyter.Requests.Count < asked + 2)
        {
            await Task.Delay(2, Stop);
        }

        waiting.IsCompleted.ShouldBeFalse();
        machine.Jupyter.Answers["/api/status"] = (200, "{}");
        (await waiting).ShouldBe(new Readiness(true, null));
    }

    [Fact]
    public async Task Jupyter_is_never_asked_without_its_secret_or_in_a_way_that_counts_as_activity()
    {
        await using var machine = await TestMachine.StartAsync();
        await using var agent = await machine.ConnectAsync();
        await agent.WaitUntilReadyAsync(TimeSpan.Zero, Stop);
        await agent.ActivityAsync(Stop);

        machine.Jupyter.Requests.Select(request => request.Target).Order().ShouldBe(
            ["/api/kernels?no_track_activity=1", "/api/status?no_track_activity=1", "/api/terminals?no_track_activity=1"]);
        machine.Jupyter.Requests.ShouldAllBe(request => request.Secret == machine.Secret.Derive("jupyter"));
    }
}
