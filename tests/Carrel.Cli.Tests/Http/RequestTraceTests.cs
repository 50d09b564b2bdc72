using Carrel.Cli.Errors;
using Shouldly;
using Xunit;

namespace Carrel.Cli.Tests.Http;

public sealed class RequestTraceTests : IDisposable
{
    private const string Path = $"{Cli.Workspace}/computes/ci1";
    private readonly Cli _cli = new();

    public RequestTraceTests()
    {
        var answer = Cli.Compute("ci1", innerExtra: ""","customServices":[{"name":"a","environmentVariables":{"LICENSE":{"type":"local","value":"hunter2"}}}]""");
        _cli.Server.On($"GET {Path}", 200, answer, ("x-ms-request-id", "req-1")).On($"PUT {Path}", 201, answer);
    }

    [Fact]
    public async Task Nothing_is_shown_unasked()
    {
        (await _cli.RunAsync("compute", "show", "ci1")).ShouldBe(ExitCode.Ok);
        _cli.Error.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("compute show ci1 --verbose")]
    [InlineData("--verbose compute show ci1")]
    public async Task Verbose_shows_one_line_for_each_request(string line)
    {
        (await _cli.RunAsync(line.Split(' '))).ShouldBe(ExitCode.Ok);
        _cli.Error.ShouldBe($"POST https://carrel.test:8443/ten1/oauth2/v2.0/token -> 200 (0 ms)\nGET https://carrel.test:8443{Path}?api-version=2025-12-01 -> 200 (0 ms)\n");
    }

    [Fact]
    public async Task Debug_shows_bodies_and_ids_but_no_secret()
    {
        var file = _cli.Write("ci.yml", """
            name: ci1
            type: computeinstance
            setup_scripts: {creation_script: {path: a.sh, command: --key hunter4}}
            custom_applications: [{name: a, image: {reference: i}, endpoints: [{target: 8787, published: 8787}], environment_variables: {LICENSE: hunter3}}]
            """);
        (await _cli.RunAsync("compute", "create", "-f", file, "--no-wait", "--debug")).ShouldBe(ExitCode.Ok, _cli.Error);
        (await _cli.RunAsync("compute", "show", "ci1", "--debug")).ShouldBe(ExitCode.Ok);
        _cli.Error.ShouldContain("x-ms-request-id: req-1");
        _cli.Error.ShouldContain("\"reference\": \"i\"");
        _cli.Error.ShouldContain("\"LICENSE\"");
        foreach (var secret in new[] { "hunter", "secret1", "Bearer", Cli.Jwt("""{"tid":"ten1","oid":"object1","appid":"client1","idtyp":"app"}""") })
            _cli.Error.ShouldNotContain(secret);
    }

    [Fact]
    public async Task Debug_hides_a_new_password()
    {
        _cli.Server.On("POST /v1.0/users", 201, """{"id":"u1"}""");
        (await _cli.RunAsync("user", "create", "--user-principal-name", "ada@example.org", "--password-file", _cli.Write("p", "correct-horse"), "--debug")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Error.ShouldContain("\"password\": \"(hidden)\"");
        _cli.Error.ShouldNotContain("correct-horse");
    }

    [Fact]
    public async Task A_refusal_shows_code_message_target_details_and_request_id()
    {
        _cli.Server.On($"POST {Path}/stop", 409, """
            {"error":{"code":"C0","message":"M0","target":"t0","details":[{"code":"C1","message":"M1","target":"t1","details":[{"code":"C2","message":"M2"}]},{"code":"C3","message":"M3"}]}}
            """, ("x-ms-request-id", "req-9"));
        (await _cli.RunAsync("compute", "stop", "ci1")).ShouldBe(ExitCode.Refused);
        _cli.Error.ShouldBe("Error: (C0) M0\n  target: t0\n  (C1) M1\n    target: t1\n    (C2) M2\n  (C3) M3\n  request id: req-9\n");
    }

    [Fact]
    public async Task A_failed_operation_names_the_request_that_began_it()
    {
        _cli.Server.On($"POST {Path}/start", 202, "", ("Azure-AsyncOperation", "https://carrel.test:8443/status"), ("x-ms-request-id", "req-7"))
            .On("GET /status", 200, """{"status":"Failed","error":{"code":"HostUnavailable","message":"No host."}}""", ("x-ms-request-id", "req-8"));
        (await _cli.RunAsync("compute", "start", "ci1")).ShouldBe(ExitCode.Refused);
        _cli.Error.ShouldBe("Error: (HostUnavailable) No host.\n  request id: req-7\n");
    }

    [Fact]
    public async Task Control_characters_of_others_do_not_reach_the_terminal()
    {
        _cli.Server.On($"POST {Path}/stop", 409, """{"error":{"code":"C","message":"\u001b]0;x\u0007\u001b[2Jgone"}}""");
        (await _cli.RunAsync("compute", "stop", "ci1")).ShouldBe(ExitCode.Refused);
        _cli.Error.ShouldBe("Error: (C)  ]0;x  [2Jgone\n");
    }

    public void Dispose() => _cli.Dispose();
}
