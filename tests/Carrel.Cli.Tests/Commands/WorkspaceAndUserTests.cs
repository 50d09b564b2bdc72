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

    [Theory]
    [InlineData("json")]
    [InlineData("table")]
    public async Task Workspaces_are_printed_as_reviewed(string format)
    {
        _cli.Server.On("GET /subscriptions/sub1/providers/Microsoft.MachineLearningServices/workspaces", 200, $$"""
            {"value":[{"id":"{{Cli.Workspace}}","name":"ws1","location":"eastus","tags":{"a":"b"},"identity":{"type":"SystemAssigned","principalId":"p","tenantId":"t"},
              "properties":{"friendlyName":"One","description":"d","publicNetworkAccess":"Enabled","discoveryUrl":"https://x/discovery","mlFlowTrackingUri":"azureml://x","provisioningState":"Succeeded"} }]}
            """);
        (await _cli.RunAsync("workspace", "list", "-o", format)).ShouldBe(ExitCode.Ok, _cli.Error);
        GoldenFile.ShouldMatch($"workspace-list.{format}", _cli.Out);
    }

    [Fact]
    public async Task Update_sends_what_is_given_and_nothing_else()
    {
        _cli.Server.On($"PATCH {Cli.Workspace}", 200, """{"name":"ws1","properties":{"friendlyName":"New"}}""");
        (await _cli.RunAsync("workspace", "update", "--display-name", "New", "--tags", "a=b")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.To("PATCH").Single().Body.ShouldBe("""{"tags":{"a":"b"},"properties":{"friendlyName":"New"}}""");
        JsonNode.Parse(_cli.Out)!["display_name"]!.ToString().ShouldBe("New");
    }

    [Theory]
    [InlineData("json")]
    [InlineData("table")]
    public async Task Resource_groups_are_listed(string format)
    {
        _cli.Server.On("GET /subscriptions/sub1/resourceGroups", 200, """{"value":[{"id":"/subscriptions/sub1/resourceGroups/rg1","name":"rg1","type":"Microsoft.Resources/resourceGroups","location":"local","tags":{},"properties":{"provisioningState":"Succeeded"}}]}""");
        (await _cli.RunAsync("group", "list", "-o", format)).ShouldBe(ExitCode.Ok, _cli.Error);
        GoldenFile.ShouldMatch($"group-list.{format}", _cli.Out);
    }

    [Fact]
    public async Task A_resource_group_is_created()
    {
        _cli.Server.On("PUT /subscriptions/sub1/resourceGroups/rg2", 201, """{"name":"rg2","location":"local"}""");
        (await _cli.RunAsync("group", "create", "-n", "rg2", "--tags", "a=b")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.To("PUT").Single().Body.ShouldBe("""{"location":"local","tags":{"a":"b"}}""");
    }

    [Theory]
    [InlineData("n", ExitCode.Refused, 0)]
    [InlineData("y", ExitCode.Ok, 1)]
    public async Task Deleting_a_resource_group_asks_first_and_waits(string answer, int code, int deletes)
    {
        _cli.Terminal = true;
        _cli.Input = answer + "\n";
        _cli.Server.On("DELETE /subscriptions/sub1/resourceGroups/rg2", 202, "", ("Location", "https://carrel.test:8443/result")).On("GET /result", 200);
        (await _cli.RunAsync("group", "delete", "-n", "rg2")).ShouldBe(code);
        _cli.Server.To("DELETE").Count().ShouldBe(deletes);
        _cli.Error.ShouldContain("Delete the resource group rg2 with every workspace");
    }

    [Theory]
    [InlineData("json")]
    [InlineData("table")]
    public async Task People_are_printed_as_reviewed(string format)
    {
        _cli.Server.On("GET /v1.0/users", 200, """{"value":[{"id":"u1","displayName":"Ada","userPrincipalName":"ada@example.org","accountEnabled":true,"createdDateTime":"2026-11-25T08:00:00Z"}]}""");
        (await _cli.RunAsync("user", "list", "-o", format)).ShouldBe(ExitCode.Ok, _cli.Error);
        GoldenFile.ShouldMatch($"user-list.{format}", _cli.Out);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("table")]
    public async Task The_account_is_printed_as_reviewed(string format)
    {
        (await _cli.RunAsync("account", "show", "-o", format)).ShouldBe(ExitCode.Ok, _cli.Error);
        GoldenFile.ShouldMatch($"account-show.{format}", _cli.Out);
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
        _cli.Out.ShouldBe("u1\tAda\tada@x\tNone\tNone\n");
    }

    public void Dispose() => _cli.Dispose();
}
