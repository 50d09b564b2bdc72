using System.Text.Json.Nodes;
using Carrel.Cli.Errors;
using Shouldly;
using Xunit;

namespace Carrel.Cli.Tests.Commands;

public sealed class DirectoryTests : IDisposable
{
    private const string Team = "11111111-0000-0000-0000-00000000000a";
    private const string Ada = "22222222-0000-0000-0000-00000000000b";
    private readonly Cli _cli = new();

    [Theory]
    [InlineData("user")]
    [InlineData("ad user")]
    public async Task People_go_by_their_sign_in_name(string noun)
    {
        _cli.Server.On("PATCH /v1.0/users/ada%40x", 204);
        (await _cli.RunAsync([.. noun.Split(' '), "disable", "ada@x"])).ShouldBe(ExitCode.Ok, _cli.Error);
        (await _cli.RunAsync([.. noun.Split(' '), "enable", "--id", "ada@x"])).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.To("PATCH").Select(request => request.Body).ShouldBe(["""{"accountEnabled":false}""", """{"accountEnabled":true}"""]);
    }

    [Fact]
    public async Task A_person_can_be_made_with_the_object_id_that_instances_wait_for()
    {
        _cli.Server.On("POST /v1.0/users", 201, $$"""{"id":"{{Ada}}"}""");
        (await _cli.RunAsync("user", "create", "--user-principal-name", "ada@x", "--password-file", _cli.Write("p", "long enough"), "--object-id", Ada)).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.To("POST").Single().Json["id"]!.ToString().ShouldBe(Ada);
        (await _cli.RunAsync("user", "create", "--user-principal-name", "ada@x", "--password-file", _cli.Write("p", "long enough"), "--object-id", "7")).ShouldBe(ExitCode.Usage);
    }

    [Fact]
    public async Task Removing_asks_first_and_shows_what_the_server_warns_of()
    {
        (await _cli.RunAsync("user", "delete", "ada@x")).ShouldBe(ExitCode.Usage);
        _cli.Server.Seen.ShouldBeEmpty();
        _cli.Server.On("DELETE /v1.0/users/ada%40x", 204, "", ("Warning", "299 - \"2 compute instances stay\""));
        (await _cli.RunAsync("user", "delete", "ada@x", "-y")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Error.ShouldContain("Warning: 2 compute instances stay");
    }

    [Fact]
    public async Task A_new_password_is_read_from_a_file_and_shown_nowhere()
    {
        _cli.Server.On("PATCH /v1.0/users/ada%40x", 204);
        (await _cli.RunAsync("user", "set-password", "ada@x", "--password-file", _cli.Write("p", "long enough\n"), "--debug")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.To("PATCH").Single().Json["passwordProfile"]!["password"]!.ToString().ShouldBe("long enough");
        (_cli.Error + _cli.Out).ShouldNotContain("long enough");
    }

    [Fact]
    public async Task A_given_password_can_be_one_that_the_person_has_to_replace()
    {
        _cli.Server.On("PATCH /v1.0/users/ada%40x", 204).On("POST /v1.0/users", 201, $$"""{"id":"{{Ada}}"}""");
        string file = _cli.Write("p", "long enough");
        (await _cli.RunAsync("user", "set-password", "ada@x", "--password-file", file, "--force-change-password-next-sign-in", "true")).ShouldBe(ExitCode.Ok, _cli.Error);
        (await _cli.RunAsync("user", "create", "--user-principal-name", "ada@x", "--password-file", file, "--force-change-password-next-sign-in")).ShouldBe(ExitCode.Ok, _cli.Error);
        foreach (string method in new[] { "PATCH", "POST" })
            _cli.Server.To(method).Single().Json["passwordProfile"]!["forceChangePasswordNextSignIn"]!.GetValue<bool>().ShouldBeTrue(method);
    }

    [Fact]
    public async Task Groups_go_by_their_name_and_members_by_theirs()
    {
        _cli.Server.On("GET /v1.0/groups", 200, $$"""{"value":[{"id":"{{Team}}","displayName":"Team"}]}""")
            .On("GET /v1.0/users", 200, $$"""{"value":[{"id":"{{Ada}}","userPrincipalName":"ada@x"}]}""")
            .On($"POST /v1.0/groups/{Team}/members/$ref", 204)
            .On($"DELETE /v1.0/groups/{Team}/members/{Ada}/$ref", 204)
            .On($"GET /v1.0/groups/{Team}/members", 200, $$"""{"value":[{"@odata.type":"#microsoft.graph.user","id":"{{Ada}}","userPrincipalName":"ada@x"}]}""");
        (await _cli.RunAsync("ad", "group", "member", "add", "-g", "Team", "--member-id", "ada@x")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.To("POST").Single().Json["@odata.id"]!.ToString().ShouldBe($"https://carrel.test:8443/v1.0/directoryObjects/{Ada}");
        (await _cli.RunAsync("ad", "group", "member", "list", "--group", Team, "-o", "tsv")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Out.ShouldBe($"{Ada}\tUser\tada@x\n");
        (await _cli.RunAsync("ad", "group", "member", "remove", "-g", Team, "--member-id", Ada)).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.Seen.First(request => request.Path == "/v1.0/groups").Query.ShouldBe("?$filter=displayName%20eq%20%27Team%27");
    }

    [Theory]
    [InlineData("groups", "Crew", """{"id":"x1","displayName":"crew"}""")]
    [InlineData("servicePrincipals", "nightly", """{"id":"x1","displayName":"nightly"}""")]
    public async Task Groups_and_programs_become_members_by_their_names(string list, string name, string row)
    {
        foreach (string each in new[] { "users", "groups", "servicePrincipals" })
            _cli.Server.On($"GET /v1.0/{each}", 200, each == list ? $$"""{"value":[{{row}}]}""" : """{"value":[]}""");
        _cli.Server.On($"POST /v1.0/groups/{Team}/members/$ref", 204);
        (await _cli.RunAsync("ad", "group", "member", "add", "-g", Team, "--member-id", name)).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.To("POST").Single().Json["@odata.id"]!.ToString().ShouldEndWith("/x1");
        (await _cli.RunAsync("ad", "group", "member", "add", "-g", Team, "--member-id", "nobody")).ShouldBe(ExitCode.NotFound);
    }

    [Theory]
    [InlineData("-g")]
    [InlineData("--group")]
    [InlineData("--id")]
    public async Task A_group_is_named_as_with_az(string flag)
    {
        _cli.Server.On($"GET /v1.0/groups/{Team}", 200, $$"""{"id":"{{Team}}"}""").On($"PATCH /v1.0/groups/{Team}", 204).On($"DELETE /v1.0/groups/{Team}", 204);
        (await _cli.RunAsync("ad", "group", "show", flag, Team)).ShouldBe(ExitCode.Ok, _cli.Error);
        (await _cli.RunAsync("ad", "group", "update", flag, Team, "--description", "d")).ShouldBe(ExitCode.Ok, _cli.Error);
        (await _cli.RunAsync("ad", "group", "delete", flag, Team, "-y")).ShouldBe(ExitCode.Ok, _cli.Error);
    }

    [Fact]
    public async Task A_name_that_nobody_or_more_than_one_has_is_told()
    {
        _cli.Server.On("GET /v1.0/servicePrincipals", 200, """{"value":[]}""").On("GET /v1.0/servicePrincipals", 200, """{"value":[{"id":"a"},{"id":"b"}]}""");
        (await _cli.RunAsync("sp", "show", "nightly")).ShouldBe(ExitCode.NotFound);
        (await _cli.RunAsync("sp", "show", "nightly")).ShouldBe(ExitCode.Usage);
        _cli.Error.ShouldContain("one of a, b");
    }

    [Fact]
    public async Task A_service_principal_is_made_with_a_secret_that_is_shown_once()
    {
        _cli.Server.On("POST /v1.0/servicePrincipals", 201, """{"id":"o1","appId":"a1","displayName":"nightly"}""")
            .On("POST /v1.0/servicePrincipals/o1/addPassword", 200, """{"keyId":"k1","displayName":"first","secretText":"s3cret-text","endDateTime":"2027-11-25T00:00:00Z"}""");
        (await _cli.RunAsync("sp", "create", "-n", "nightly", "--debug")).ShouldBe(ExitCode.Ok, _cli.Error);
        JsonNode.Parse(_cli.Out)!.AsObject().Select(member => $"{member.Key}={member.Value}").ShouldBe(["id=o1", "appId=a1", "displayName=nightly", "password=s3cret-text", "tenant=ten1"]);
        _cli.Error.ShouldContain("shown this once");
        _cli.Error.ShouldNotContain("s3cret-text");
    }

    [Theory]
    [InlineData("user show", "Which person? Give its name or id: carrel user show NAME.")]
    [InlineData("sp secret list", "carrel sp secret list NAME.")]
    public async Task A_missing_name_is_asked_for_with_the_whole_line(string line, string part)
    {
        (await _cli.RunAsync(line.Split(' '))).ShouldBe(ExitCode.Usage);
        _cli.Error.ShouldContain(part);
    }

    [Fact]
    public async Task Long_lists_are_followed_to_their_end()
    {
        _cli.Server.On("GET /v1.0/users", 200, """{"value":[{"id":"u1"}],"@odata.nextLink":"https://carrel.test:8443/v1.0/users?$skiptoken=x"}""").On("GET /v1.0/users", 200, """{"value":[{"id":"u2"}]}""");
        (await _cli.RunAsync("user", "list", "-o", "json")).ShouldBe(ExitCode.Ok, _cli.Error);
        JsonNode.Parse(_cli.Out)!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Secrets_are_listed_by_name_and_removed_by_key()
    {
        _cli.Server.On($"GET /v1.0/servicePrincipals/{Ada}", 200, """{"id":"o1","passwordCredentials":[{"keyId":"k1","displayName":"first","hint":"abc","endDateTime":"2027-11-25T00:00:00Z","secretText":null}]}""")
            .On($"POST /v1.0/servicePrincipals/{Ada}/removePassword", 204);
        (await _cli.RunAsync("sp", "secret", "list", Ada, "-o", "table")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Out.ShouldContain("first  abc");
        (await _cli.RunAsync("sp", "secret", "delete", Ada, "--key-id", "k1", "-y")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.To("POST").Single().Body.ShouldBe("""{"keyId":"k1"}""");
    }

    public void Dispose() => _cli.Dispose();
}
