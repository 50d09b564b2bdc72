using System.Text.Json.Nodes;
using Carrel.Cli.Errors;
using Shouldly;
using Xunit;

namespace Carrel.Cli.Tests.Commands;

public sealed class RoleTests : IDisposable
{
    private const string Provider = "/providers/Microsoft.Authorization";
    private const string Subscription = "/subscriptions/sub1";
    private const string Reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
    private const string Bob = "bbbbbbbb-0000-0000-0000-000000000001";
    private const string Given = "99999999-0000-0000-0000-000000000009";

    private readonly Cli _cli = new();

    [Theory]
    [InlineData("""{"Name":"Lab helper","Id":null,"IsCustom":true,"Description":"d","Actions":["*/read"],"NotActions":[],"DataActions":[],"NotDataActions":[],"AssignableScopes":["/subscriptions/sub1"]}""")]
    [InlineData("""{"name":"Lab helper","description":"d","actions":["*/read"],"assignableScopes":["/subscriptions/sub1"],}""")]
    [InlineData("""{"roleName":"Lab helper","roleType":"CustomRole","description":"d","permissions":[{"actions":["*/read"],"notActions":[],"dataActions":[],"notDataActions":[]}],"assignableScopes":["/subscriptions/sub1"]}""")]
    [InlineData("""{"properties":{"roleName":"Lab helper","type":"CustomRole","description":"d","permissions":[{"actions":["*/read"],"notActions":[],"dataActions":[],"notDataActions":[]}],"assignableScopes":["/subscriptions/sub1"]}}""")]
    public async Task A_role_is_written_from_every_form_of_file(string file)
    {
        string? path = null;
        _cli.Server.OnRequest = request =>
        {
            if (request.Method == "PUT")
                _cli.Server.On($"PUT {path = request.Path}", 201, """{"name":"x","properties":{"roleName":"Lab helper","type":"CustomRole"}}""");
        };
        (await _cli.RunAsync("role", "create", "--role-definition", "@" + _cli.Write("role.json", file))).ShouldBe(ExitCode.Ok, _cli.Error);
        path.ShouldNotBeNull().ShouldMatch($"^{Subscription}{Provider}/roleDefinitions/[0-9a-f-]{{36}}$");
        JsonNode.DeepEquals(_cli.Server.To("PUT").Single().Json, JsonNode.Parse("""
            {"properties":{"roleName":"Lab helper","description":"d","type":"CustomRole",
              "permissions":[{"actions":["*/read"],"notActions":[],"dataActions":[],"notDataActions":[]}],"assignableScopes":["/subscriptions/sub1"]}}
            """)).ShouldBeTrue(_cli.Server.To("PUT").Single().Body);
    }

    [Theory]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("{", "no valid JSON")]
    [InlineData("""{"Name":"r","Action":["*"]}""", "no member 'Action'")]
    [InlineData("""{"Name":"r","IsCustom":false}""", "only custom roles")]
    [InlineData("""{"Actions":["*"]}""", "needs a 'Name'")]
    [InlineData("""{"Name":"r","Actions":"*"}""", "must be a list of texts")]
    [InlineData("""{"Name":"r","Actions":["*"]}""", "needs 'AssignableScopes'")]
    public async Task A_bad_file_is_said_and_nothing_is_sent(string file, string message)
    {
        (await _cli.RunAsync("role", "create", "--role-definition", _cli.Write("role.json", file))).ShouldBe(ExitCode.Usage);
        _cli.Error.ShouldContain(message);
        _cli.Server.To("PUT").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\"/\"", Subscription)]
    [InlineData("\"/subscriptions/nope\"", Subscription)]
    [InlineData("\"/subscriptions/sub1/resourceGroups/*\"", Subscription)]
    [InlineData("\"/subscriptions/sub10\",\"/subscriptions/SUB1/resourceGroups/team\"", "/subscriptions/SUB1/resourceGroups/team")]
    public async Task A_role_is_written_where_the_server_can_say_what_is_wrong_with_its_scopes(string scopes, string at)
    {
        _cli.Server.OnRequest = request =>
        {
            if (request.Method == "PUT")
                _cli.Server.On($"PUT {request.Path}", 400, """{"error":{"code":"InvalidAssignableScopes","message":"name a subscription"}}""");
        };
        string file = _cli.Write("role.json", $$"""{"Name":"r","Actions":["*/read"],"AssignableScopes":[{{scopes}}]}""");
        (await _cli.RunAsync("role", "create", "-f", file)).ShouldBe(ExitCode.Refused);
        _cli.Server.To("PUT").Single().Path.ShouldStartWith($"{at}{Provider}/roleDefinitions/");
        _cli.Error.ShouldContain("name a subscription");
    }

    [Fact]
    public async Task An_update_finds_the_role_by_its_name()
    {
        _cli.Server.On($"GET {Subscription}{Provider}/roleDefinitions", 200, $$"""{"value":[{"name":"{{Given}}","properties":{"roleName":"Helper"} }]}""");
        _cli.Server.On($"PUT {Subscription}{Provider}/roleDefinitions/{Given}", 201, """{"name":"x","properties":{}}""");
        string file = _cli.Write("role.json", """{"Name":"Helper","Actions":["*/read"],"AssignableScopes":["/subscriptions/sub1"]}""");
        (await _cli.RunAsync("role", "update", "-f", file)).ShouldBe(ExitCode.Ok, _cli.Error);
        Uri.UnescapeDataString(_cli.Server.Seen.First(request => request.Path.EndsWith("/roleDefinitions", StringComparison.Ordinal)).Query).ShouldContain("roleName eq 'Helper'");
        _cli.Server.Replace($"GET {Subscription}{Provider}/roleDefinitions", 200, """{"value":[]}""");
        (await _cli.RunAsync("role", "update", "-f", file)).ShouldBe(ExitCode.NotFound);
    }

    [Fact]
    public async Task A_role_is_given_by_names()
    {
        string lab = Cli.Workspace;
        _cli.Server.On($"GET {lab}{Provider}/roleDefinitions", 200, $$"""{"value":[{"id":"{{Subscription}}{{Provider}}/roleDefinitions/{{Reader}}","name":"{{Reader}}","properties":{"roleName":"Reader"} }]}""");
        _cli.Server.On("GET /v1.0/users", 200, $$"""{"value":[{"id":"x","userPrincipalName":"bobby@example.org"},{"id":"{{Bob}}","userPrincipalName":"bob@example.org"}]}""");
        _cli.Server.OnRequest = request =>
        {
            if (request.Method == "PUT")
                _cli.Server.On($"PUT {request.Path}", 201, $$"""{"id":"{{lab}}/x","name":"{{Given}}","properties":{"scope":"{{lab}}","principalId":"{{Bob}}","principalType":"User","roleDefinitionId":"/a/{{Reader}}","createdOn":"2026-11-25T19:00:00.0000000Z"} }""");
        };
        (await _cli.RunAsync("role", "assignment", "create", "--role", "Reader", "--assignee", "BOB@example.org", "-w", "ws1", "-o", "table")).ShouldBe(ExitCode.Ok, _cli.Error);
        SeenRequest put = _cli.Server.To("PUT").Single();
        put.Path.ShouldStartWith($"{lab}{Provider}/roleAssignments/");
        put.Json["properties"]!.ToJsonString().ShouldBe(
            $$"""{"roleDefinitionId":"{{Subscription}}{{Provider}}/roleDefinitions/{{Reader}}","principalId":"{{Bob}}","principalType":"User"}""");
        _cli.Out.ShouldContain("Reader");
        _cli.Out.ShouldContain("BOB@example.org");
    }

    [Fact]
    public async Task A_role_is_given_by_ids_without_asking_the_directory()
    {
        _cli.Server.On($"GET {Subscription}{Provider}/roleDefinitions/{Reader}", 200, $$"""{"id":"/d/{{Reader}}","name":"{{Reader}}","properties":{} }""");
        _cli.Server.OnRequest = request =>
        {
            if (request.Method == "PUT")
                _cli.Server.On($"PUT {request.Path}", 201, """{"properties":{}}""");
        };
        (await _cli.RunAsync("role", "assignment", "create", "--role", Reader, "--assignee-object-id", Bob, "--assignee-principal-type", "Group")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.To("PUT").Single().Json["properties"]!["principalType"]!.ToString().ShouldBe("Group");
        _cli.Server.Seen.ShouldNotContain(request => request.Path.StartsWith("/v1.0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_of_that_name_is_said_and_a_name_of_two_too()
    {
        _cli.Server.On($"GET {Subscription}{Provider}/roleDefinitions", 200, """{"value":[{"id":"/d","name":"n","properties":{}}]}""");
        _cli.Server.On("GET /v1.0/users", 200, """{"value":[]}""").On("GET /v1.0/groups", 200, """{"value":[{"id":"g1","displayName":"crew"},{"id":"g2","displayName":"Crew"}]}""");
        (await _cli.RunAsync("role", "assignment", "create", "--role", "Reader", "--assignee", "nobody")).ShouldBe(ExitCode.NotFound);
        (await _cli.RunAsync("role", "assignment", "create", "--role", "Reader", "--assignee", "crew")).ShouldBe(ExitCode.Usage);
        _cli.Error.ShouldContain("g1, g2");
        _cli.Server.To("PUT").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("json", "")]
    [InlineData("table", "--include-inherited")]
    public async Task Assignments_are_listed_with_names(string format, string flag)
    {
        ListAssignments();
        (await _cli.RunAsync(["role", "assignment", "list", "-g", "rg1", "-o", format, .. flag.Split(' ', StringSplitOptions.RemoveEmptyEntries)])).ShouldBe(ExitCode.Ok, _cli.Error);
        GoldenFile.ShouldMatch($"role-assignment-list.{format}", _cli.Out);
    }

    [Fact]
    public async Task Only_what_lies_at_the_scope_is_taken_away()
    {
        ListAssignments();
        string group = Subscription + "/resourceGroups/rg1";
        _cli.Server.On($"DELETE {group}{Provider}/roleAssignments/{Given}", 200, "{}");
        (await _cli.RunAsync("role", "assignment", "delete", "--assignee", Bob, "-g", "rg1")).ShouldBe(ExitCode.Ok, _cli.Error);
        _cli.Server.To("DELETE").Single().Path.ShouldBe($"{group}{Provider}/roleAssignments/{Given}");
        (await _cli.RunAsync("role", "assignment", "delete", "-g", "rg1")).ShouldBe(ExitCode.Usage, "nothing says which");
    }

    [Fact]
    public async Task Explain_says_the_decision_first()
    {
        _cli.Server.On($"GET {Cli.Workspace}/computes/desk/providers/Carrel.Access/accessExplanation", 200, """
            {"principal":{"id":"p","name":"bob@example.org","type":"User"},"action":"a","scope":"s","allowed":false,"reason":"No role at 's' or above allows 'a'.","groups":[],
             "assignments":[{"verdict":"TakenAway","roleName":"Careful","scope":"/subscriptions/sub1","throughGroup":"g","throughGroupName":"Crew","pattern":"*","notPattern":"*/delete"}]}
            """);
        (await _cli.RunAsync("access", "explain", "--as", "bob@example.org", "--action", "computes/delete", "--compute", "desk", "-o", "table")).ShouldBe(ExitCode.Ok, _cli.Error);
        GoldenFile.ShouldMatch("access-explain.table", _cli.Out);
        string query = Uri.UnescapeDataString(_cli.Server.Seen[^1].Query);
        query.ShouldContain("action=Microsoft.MachineLearningServices/workspaces/computes/delete");
        query.ShouldContain("principal=bob@example.org");
    }

    [Theory]
    [InlineData("role show")]
    [InlineData("role create")]
    [InlineData("role delete -n r")]
    [InlineData("role assignment create --role Reader")]
    [InlineData("role assignment create --role Reader --assignee x --assignee-principal-type Robot")]
    [InlineData("role assignment list --scope subscriptions/x")]
    [InlineData("role assignment list --scope /subscriptions/x -g y")]
    [InlineData("access explain --as x")]
    public async Task Wrong_usage_has_exit_code_2(string line) => (await _cli.RunAsync(line.Split(' '))).ShouldBe(ExitCode.Usage);

    public void Dispose() => _cli.Dispose();

    private void ListAssignments()
    {
        string group = Subscription + "/resourceGroups/rg1";
        _cli.Server.On($"GET {group}{Provider}/roleAssignments", 200, $$"""
            {"value":[
              {"id":"{{group}}{{Provider}}/roleAssignments/{{Given}}","name":"{{Given}}","properties":{"scope":"{{group}}","principalId":"{{Bob}}","principalType":"User","roleDefinitionId":"/d/{{Reader}}","description":null,"createdOn":"2026-11-25T19:00:00.0000000Z","createdBy":"c"} },
              {"id":"{{Subscription}}{{Provider}}/roleAssignments/a","name":"a","properties":{"scope":"{{Subscription}}","principalId":"{{Bob}}","principalType":"User","roleDefinitionId":"/d/{{Reader}}","createdOn":"2026-11-25T18:00:00.0000000Z"} }]}
            """);
        _cli.Server.On("POST /v1.0/directoryObjects/getByIds", 200, $$"""{"value":[{"id":"{{Bob}}","userPrincipalName":"bob@example.org"}]}""");
        _cli.Server.On($"GET {group}{Provider}/roleDefinitions", 200, $$"""{"value":[{"name":"{{Reader}}","properties":{"roleName":"Reader"} }]}""");
    }
}
