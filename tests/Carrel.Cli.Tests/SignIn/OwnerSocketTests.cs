using System.Text.Json.Nodes;
using Carrel.Cli.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Carrel.Cli.Tests.SignIn;

/// <summary>Single sign-on inside a compute instance, against an agent that answers what the test wants.</summary>
public sealed class OwnerSocketTests : IAsyncLifetime
{
    private const string Computes = $"GET {Cli.Workspace}/computes";
    private readonly Cli _cli = new(signedIn: false);
    private readonly List<string> _asked = [];
    private WebApplication? _agent;
    private (int Status, string Body) _answer;

    private string Socket => Path.Combine(_cli.Folder, "owner.sock");

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(Socket));
        _agent = builder.Build();
        _agent.Run(context =>
        {
            _asked.Add(context.Request.Path + context.Request.QueryString);
            context.Response.StatusCode = _answer.Status;
            return context.Response.WriteAsync(_answer.Body);
        });
        await _agent.StartAsync();
        _cli.Environment["CARREL_OWNER_SOCKET"] = Socket;
        _cli.Server.On(Computes, 200, """{"value":[]}""");
        _answer = (200, Body(_cli.Environment["CARREL_URL"]));
    }

    [Fact]
    public async Task The_owner_acts_without_a_login_and_nothing_is_kept()
    {
        (await _cli.RunAsync("compute", "list")).ShouldBe(ExitCode.Ok, _cli.Error);
        (await _cli.RunAsync("compute", "list")).ShouldBe(ExitCode.Ok, _cli.Error);

        _asked.ShouldBe(["/token?resource=https%3A%2F%2Fcarrel.test%3A8443", "/token?resource=https%3A%2F%2Fcarrel.test%3A8443"], "each command asks anew");
        _cli.Server.Seen.ShouldAllBe(request => request.Authorization == "Bearer " + Owner);
        Directory.GetFileSystemEntries(_cli.Folder).ShouldBe([Socket]);
    }

    [Fact]
    public async Task Account_show_says_who_acts_and_by_what()
    {
        (await _cli.RunAsync("account", "show")).ShouldBe(ExitCode.Ok, _cli.Error);
        JsonNode shown = JsonNode.Parse(_cli.Out)!;
        (shown["user"]!["name"]!.ToString(), shown["source"]!.ToString()).ShouldBe(("ada@example.org", "single_sign_on"));
    }

    [Fact]
    public async Task A_login_and_a_service_principal_come_first()
    {
        _cli.Server.On("POST /ten1/oauth2/v2.0/devicecode", 200, """{"user_code":"B","device_code":"d1","verification_uri":"https://carrel.test:8443/device","expires_in":900,"interval":5}""")
            .On(Cli.Token, 200, Cli.TokenBody("user"));
        (await _cli.RunAsync("login")).ShouldBe(ExitCode.Ok, _cli.Error);
        (await _cli.RunAsync("compute", "list")).ShouldBe(ExitCode.Ok, _cli.Error);

        _cli.Environment["CARREL_CLIENT_ID"] = "client1";
        _cli.Environment["CARREL_CLIENT_SECRET"] = "secret1";
        (await _cli.RunAsync("compute", "list")).ShouldBe(ExitCode.Ok, _cli.Error);
        _asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Why_there_is_no_token_is_told_in_the_servers_words()
    {
        _answer = (403, """{"error":"access_denied","error_description":"Single sign-on is switched off: sign in here with 'carrel login'."}""");

        (await _cli.RunAsync("compute", "list")).ShouldBe(ExitCode.NotSignedIn);
        _cli.Error.ShouldBe("Error: Single sign-on is switched off: sign in here with 'carrel login'.\n");
        _cli.Server.Seen.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(200, "https://carrel.example")]
    [InlineData(200, "https://carrel.test:8443.example")]
    [InlineData(400, null)]
    public async Task The_token_goes_to_no_other_server_than_the_one_that_gave_it(int status, string? gaveIt)
    {
        _answer = (status, status == 200 ? Body(gaveIt!) : """{"error":"invalid_resource","error_description":"not known"}""");

        (await _cli.RunAsync("compute", "list")).ShouldBe(ExitCode.NotSignedIn);
        _cli.Error.ShouldContain("CARREL_URL names https://carrel.test:8443: open a new terminal, or run 'carrel login'");
        _cli.Server.Seen.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(200, "no JSON")]
    [InlineData(500, "")]
    [InlineData(502, "[]")]
    [InlineData(503, "{}")]
    [InlineData(200, """{"access_token":"t","server":"https://carrel.test:8443"}""")]
    [InlineData(200, """{"access_token":"t","expires_on":"9223372036854775807","server":"https://carrel.test:8443"}""")]
    public async Task An_agent_that_answers_something_else_is_no_crash(int status, string body)
    {
        _answer = (status, body);

        (await _cli.RunAsync("compute", "list")).ShouldBe(ExitCode.NotSignedIn, _cli.Error);
        _cli.Error.ShouldContain("'carrel login'");
    }

    [Fact]
    public async Task An_agent_that_is_not_there_is_told_with_the_remedy()
    {
        _cli.Environment["CARREL_OWNER_SOCKET"] = Socket + ".gone";

        (await _cli.RunAsync("compute", "list")).ShouldBe(ExitCode.NotSignedIn);
        _cli.Error.ShouldContain("agent does not answer: run 'carrel login', or restart the compute instance");
    }

    public async ValueTask DisposeAsync()
    {
        await _agent!.DisposeAsync();
        _cli.Dispose();
    }

    private static string Owner => Cli.Jwt("""{"tid":"ten1","oid":"object2","upn":"ada@example.org","idtyp":"user"}""");

    private static string Body(string server) => new JsonObject
    {
        ["access_token"] = Owner, ["expires_on"] = "1795590000", ["resource"] = server, ["token_type"] = "Bearer", ["server"] = server,
    }.ToJsonString();
}
