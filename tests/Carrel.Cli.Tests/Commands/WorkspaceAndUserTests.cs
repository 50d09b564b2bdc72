using System.Text.Json.Nodes;
using Carrel.Cli.Errors;
using Shouldly;
using Xunit;

namespace Carrel.Cli.Tests.Commands;

public sealed class WorkspaceAndUserTests : IDisposable
{
    private readonly Cli _cli = new();

    [Fact]
    public async Task Show_takes_the_default_workspace()
    {
        (await _cli.RunAsync("workspace", "show")).ShouldBe(ExitCode.Ok, _cli.Error);
        var view = JsonNode.Parse(_cli.Out)!;
        view["name"]!.ToString().ShouldBe("ws1");
        view["resource_group"]!.ToString().ShouldBe("rg1");
    }

    [Fact]
    public async Task List_without_a_group_lists_the_subscription()
    {
        _cli.Server.On("GET /subscriptions/sub1/providers/Microsoft.MachineLearningServices/workspaces", 200, """{"value":[{"name":"a"},{"name":"b"}]}""");
        (await _cli.RunAsync("workspace", "list", "-o", "table")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Out.Split('\n').Length.ShouldBe(5);
    }

    [Fact]
    public async Task Create_puts_the_workspace_and_prints_it()
    {
        const string path = "/subscriptions/sub1/resourceGroups/rg1/providers/Microsoft.MachineLearningServices/workspaces/w2";
        const string body = """{"name":"w2","location":"local","properties":{"provisioningState":"Succeeded"}}""";
        _cli.Server.On($"PUT {path}", 201, body).On($"GET {path}", 200, body);
        (await _cli.RunAsync("workspace", "create", "-n", "w2", "--display-name", "Two")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.To("PUT").Single().Json["properties"]!["friendlyName"]!.ToString().ShouldBe("Two");
    }

    [Fact]
    public async Task Delete_needs_the_name_itself()
    {
        (await _cli.RunAsync("workspace", "delete", "-y")).ShouldBe(ExitCode.Usage);
        _cli.Server.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_user_is_created_with_a_password_typed_twice()
    {
        _cli.Terminal = true;
        _cli.Secrets.Enqueue("pass word");
        _cli.Secrets.Enqueue("pass word");
        _cli.Server.On("POST /v1.0/users", 201, """{"id":"u1","displayName":"Ada","userPrincipalName":"ada@x","accountEnabled":true}""");
        (await _cli.RunAsync("user", "create", "--user-principal-name", "ada@x", "--display-name", "Ada")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.To("POST").Single().Body.ShouldBe("""{"displayName":"Ada","userPrincipalName":"ada@x","passwordProfile":{"password":"pass word"}}""");
        _cli.Out.ShouldNotContain("pass word");
    }

    [Fact]
    public async Task Two_different_passwords_change_nothing()
    {
        _cli.Terminal = true;
        _cli.Secrets.Enqueue("a");
        _cli.Secrets.Enqueue("b");
        (await _cli.RunAsync("user", "create", "--user-principal-name", "ada@x")).ShouldBe(ExitCode.Usage);
        _cli.Server.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_password_may_come_from_a_file_but_not_from_nowhere()
    {
        (await _cli.RunAsync("user", "create", "--user-principal-name", "ada@x")).ShouldBe(ExitCode.Usage);
        _cli.Server.On("POST /v1.0/users", 201, "{}");
        (await _cli.RunAsync("user", "create", "--user-principal-name", "ada@x", "--password-file", _cli.Write("p", "s3\n"))).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.To("POST").Single().Json["passwordProfile"]!["password"]!.ToString().ShouldBe("s3");
    }

    [Fact]
    public async Task Users_are_listed()
    {
        _cli.Server.On("GET /v1.0/users", 200, """{"value":[{"id":"u1","displayName":"Ada","userPrincipalName":"ada@x"}]}""");
        (await _cli.RunAsync("user", "list", "-o", "tsv")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Out.ShouldBe("u1\tAda\tada@x\n");
    }

    public void Dispose() => _cli.Dispose();
}
