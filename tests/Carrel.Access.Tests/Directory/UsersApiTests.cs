using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Carrel.Access.Directory;
using Carrel.Access.Directory.Administration;
using Carrel.Access.Tests.Support;
using Carrel.Access.Tokens;
using Carrel.Arm.Audit;
using Carrel.Arm.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Carrel.Access.Tests.Directory;

public sealed class UsersApiTests : IAsyncLifetime
{
    private AccessHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await AccessHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static object Person(string name, string? display = "Bob", string? password = "long enough") =>
        new { displayName = display, userPrincipalName = name, passwordProfile = new { password } };

    private async Task<(int Status, JsonNode Body)> CallAsync(HttpMethod method, string path, string? token, object? body = null)
    {
        using HttpResponseMessage response = await _host.SendAsync(method, path, token, body);
        return ((int)response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonNode>())!);
    }

    [Fact]
    public async Task An_Owner_adds_a_person_who_then_signs_in_and_is_listed()
    {
        string token = await _host.ProgramTokenAsync();
        (int status, JsonNode body) = await CallAsync(HttpMethod.Post, "/v1.0/users", token, Person("bob@carrel.local"));
        status.ShouldBe(201);
        body["userPrincipalName"]!.GetValue<string>().ShouldBe("bob@carrel.local");
        body.ToJsonString().ShouldNotContain("long enough");
        (await _host.Get<PasswordSignIn>().SignInAsync("bob@carrel.local", "long enough", CancellationToken.None)).ShouldNotBeNull();

        (_, JsonNode list) = await CallAsync(HttpMethod.Get, "/v1.0/users", token);
        list["value"]!.AsArray().Select(user => user!["userPrincipalName"]!.GetValue<string>()).ShouldBe(["admin@carrel.local", "bob@carrel.local"]);
        list.ToJsonString().ShouldNotContain("assword");

        (int again, JsonNode error) = await CallAsync(HttpMethod.Post, "/v1.0/users", token, Person("BOB@carrel.local"));
        again.ShouldBe(400);
        error["error"]!["code"]!.GetValue<string>().ShouldBe("Request_BadRequest");
    }

    [Fact]
    public async Task Bad_input_is_told_what_to_change()
    {
        string token = await _host.ProgramTokenAsync();
        object[] bodies =
        [
            Person("bob@contoso.com"), Person("bob"), Person("b@carrel.local", password: "short"), Person("b@carrel.local", password: null),
            Person("b@carrel.local", display: ""), Person("b@carrel.local", display: "a\u0000b"), new { }, new[] { 1 }, "text",
            new { userPrincipalName = 1, displayName = true, passwordProfile = "x" },
        ];
        foreach (object body in bodies)
            (await CallAsync(HttpMethod.Post, "/v1.0/users", token, body)).Status.ShouldBe(400);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1.0/users") { Content = new StringContent("{", Encoding.UTF8, "application/json") };
        request.Headers.Add("Authorization", "Bearer " + token);
        ((int)(await _host.Http.SendAsync(request)).StatusCode).ShouldBe(400);
        (await CallAsync(HttpMethod.Post, "/v1.0/users", token, Person(new string('x', 70_000)))).Status.ShouldBe(400);
        (await _host.Directory.ListUsersAsync(CancellationToken.None)).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("/v1.0/users", "{\"displayName\":\"B\u00ae\",\"userPrincipalName\":\"b@carrel.local\",\"passwordProfile\":{\"password\":\"long enough\"}}")]
    [InlineData("/v1.0/users", "{\"displayName\":\"\\ud800\",\"userPrincipalName\":\"b@carrel.local\",\"passwordProfile\":{\"password\":\"long enough\"}}")]
    [InlineData("/v1.0/users", "{\"\\ud800\":1}")]
    [InlineData("/v1.0/directoryObjects/getByIds", "{\"ids\":[\"\\udfff\\ud800\"]}")]
    public async Task Text_that_is_no_Unicode_is_refused(string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.Latin1.GetBytes(body)) };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + await _host.ProgramTokenAsync());
        ((int)(await _host.Http.SendAsync(request)).StatusCode).ShouldBe(400);
    }

    [Fact]
    public async Task Without_a_token_401_and_without_the_right_403_in_Graphs_envelope()
    {
        (int status, JsonNode body) = await CallAsync(HttpMethod.Post, "/v1.0/users", null, Person("bob@carrel.local"));
        status.ShouldBe(401);
        body["error"]!["code"]!.GetValue<string>().ShouldBe("InvalidAuthenticationToken");

        DirectoryUser plain = await _host.AddUserAsync("eve@carrel.local");
        string token = _host.Get<TokenIssuer>().Issue(
            new TokenRequest(plain.ObjectId, CallerKind.User, AccessHost.Origin, "CarrelCli", plain.UserName, plain.DisplayName)).Value;
        (status, body) = await CallAsync(HttpMethod.Post, "/v1.0/users", token, Person("bob@carrel.local"));
        status.ShouldBe(403);
        body["error"]!["code"]!.GetValue<string>().ShouldBe("Authorization_RequestDenied");
        (await CallAsync(HttpMethod.Get, "/v1.0/users", token)).Status.ShouldBe(403);
    }

    [Fact]
    public async Task A_person_gets_a_given_object_id_once_and_the_answer_of_the_removal_says_what_stays()
    {
        await using AccessHost host = await AccessHost.StartAsync(services => services.AddSingleton<IOwnedInstances, TwoInstances>());
        GraphClient owner = await host.AsOwnerAsync();
        var id = Guid.NewGuid();
        object body = new { id, displayName = "Bob", userPrincipalName = "bob@carrel.local", passwordProfile = new { password = "long enough" } };
        GraphAnswer made = await owner.PostAsync("/v1.0/users", body);
        (made.Status, made.Id).ShouldBe((201, id));
        GraphAnswer again = await owner.PostAsync("/v1.0/users", new { id, displayName = "Eve", userPrincipalName = "eve@carrel.local", passwordProfile = new { password = "long enough" } });
        (again.Status, again.Code).ShouldBe((400, "Request_BadRequest"));
        again.Message.ShouldContain("property id");
        (await owner.PostAsync("/v1.0/users", new { id = "x", displayName = "Eve", userPrincipalName = "eve@carrel.local", passwordProfile = new { password = "long enough" } })).Message.ShouldContain("GUID");

        GraphAnswer gone = await owner.DeleteAsync("/v1.0/users/BOB@carrel.local");
        gone.Status.ShouldBe(204);
        gone.Warning!.ShouldStartWith("299 - \"2 compute instances stay with an owner whom the directory no longer knows");
    }

    private sealed class TwoInstances : IOwnedInstances
    {
        public Task<int> CountAsync(Guid owner, CancellationToken cancellation) => Task.FromResult(2);
    }

    [Fact]
    public async Task Lists_come_in_pages_and_can_be_filtered()
    {
        GraphClient owner = await _host.AsOwnerAsync();
        foreach (string name in (string[])["ann", "bea", "bob", "eve"])
            await _host.AddUserAsync($"{name}@carrel.local");
        var seen = new List<string>();
        for (string? next = "/v1.0/users?$top=2&$select=id"; next is not null;)
        {
            GraphAnswer page = await owner.GetAsync(next);
            page.Status.ShouldBe(200, page.Body!.ToJsonString());
            page.Values("id").Length.ShouldBeInRange(1, 2);
            seen.AddRange(page.Values("userPrincipalName"));
            next = page.Body!["@odata.nextLink"]?.ToString();
            next?.ShouldStartWith(AccessHost.Origin + "/v1.0/users?");
            next = next?[AccessHost.Origin.Length..];
        }

        seen.ShouldBe(["admin@carrel.local", "ann@carrel.local", "bea@carrel.local", "bob@carrel.local", "eve@carrel.local"]);
        (await owner.GetAsync("/v1.0/users?$filter=startswith(displayName,'B') and accountEnabled eq true")).Values("displayName").ShouldBe(["bea@carrel.local", "bob@carrel.local"]);
        (await owner.GetAsync("/v1.0/users?$filter=userPrincipalName eq 'ANN@carrel.local'")).Values("displayName").ShouldBe(["ann@carrel.local"]);
        foreach (string bad in (string[])["$top=0", "$top=1000", "$top=x", "$filter=displayName", "$filter=(", "$skiptoken=x", "$filter=passwordHash eq 'x'"])
            (await owner.GetAsync("/v1.0/users?" + bad)).Code.ShouldBe("Request_BadRequest", bad);
    }

    [Fact]
    public async Task Everybody_reads_themselves_and_nobody_else()
    {
        DirectoryUser eve = await _host.AddUserAsync("eve@carrel.local");
        GraphClient me = _host.As(eve);
        (await me.GetAsync("/v1.0/me")).Body!["userPrincipalName"]!.ToString().ShouldBe("eve@carrel.local");
        (await me.GetAsync($"/v1.0/users/{eve.ObjectId}")).Status.ShouldBe(200);
        (await me.GetAsync("/v1.0/users/eve@carrel.local")).Status.ShouldBe(200);
        (await me.GetAsync("/v1.0/users/admin@carrel.local")).Status.ShouldBe(403);
        (await me.GetAsync("/v1.0/users/nobody@carrel.local")).Status.ShouldBe(403, "who may not read does not learn who is there");
        (await me.PatchAsync("/v1.0/users/eve@carrel.local", new { displayName = "Queen" })).Status.ShouldBe(403);
        (await me.PostAsync("/v1.0/users/admin@carrel.local/revokeSignInSessions")).Status.ShouldBe(403);
        (await (await _host.AsOwnerAsync()).GetAsync("/v1.0/me")).Status.ShouldBe(400, "a program is no person");
    }

    [Fact]
    public async Task Who_did_what_to_whom_is_written_down_without_secrets()
    {
        var trail = new RecordedTrail();
        await using AccessHost host = await AccessHost.StartAsync(services => services.AddSingleton<IAuditTrail>(trail));
        GraphClient owner = await host.AsOwnerAsync();
        Guid bob = (await owner.PostAsync("/v1.0/users", Person("bob@carrel.local"))).Id;
        await new Browser(host).SignInAsync("bob@carrel.local", "long enough");
        for (int i = 0; i < 5; i++)
            await new Browser(host).SignInAsync("bob@carrel.local", "secret guess");
        await new Browser(host).SignInAsync("hunter2hunter2", "secret guess");
        await owner.PatchAsync($"/v1.0/users/{bob}", new { accountEnabled = false });
        Guid program = (await owner.PostAsync("/v1.0/servicePrincipals", new { displayName = "nightly" })).Id;
        string secret = (await owner.PostAsync($"/v1.0/servicePrincipals/{program}/addPassword", new { })).Body!["secretText"]!.ToString();
        await owner.DeleteAsync($"/v1.0/servicePrincipals/{program}");

        trail.Written.Select(record => $"{record.Action} {record.Outcome}").ShouldBe(
        [
            // The program that administers, then the person.
            "Carrel.Access/signIn/action Succeeded", "Carrel.Access/users/write Succeeded", "Carrel.Access/signIn/action Succeeded",
            "Carrel.Access/signIn/action Failed", "Carrel.Access/signIn/action Failed", "Carrel.Access/signIn/action Failed", "Carrel.Access/signIn/action Failed",
            "Carrel.Access/signIn/lock/action Failed", "Carrel.Access/signIn/action Failed", "Carrel.Access/principals/disable/action Succeeded",
            "Carrel.Access/servicePrincipals/write Succeeded", "Carrel.Access/servicePrincipals/secrets/write Succeeded", "Carrel.Access/servicePrincipals/delete Succeeded",
        ]);
        AuditRecord signIn = trail.Written[2];
        (signIn.Who.ObjectId, signIn.Who.Name, signIn.Target).ShouldBe((bob, "bob@carrel.local", AuditTargets.Principal(AccessHost.Subscription, bob)));
        string all = string.Join('\n', trail.Written);
        foreach (string hidden in (string[])["long enough", "secret guess", "hunter2", secret])
            all.ShouldNotContain(hidden);
    }

    [Fact]
    public async Task Ids_are_resolved_to_the_known_ones()
    {
        string token = await _host.ProgramTokenAsync();
        Guid program = (await _host.Directory.FindServicePrincipalAsync(_host.Secrets.ClientId, CancellationToken.None))!.ObjectId;
        object body = new { ids = new[] { _host.First.AdministratorId, program, Guid.NewGuid() }, types = new[] { "user" } };
        (int status, JsonNode answer) = await CallAsync(HttpMethod.Post, "/v1.0/directoryObjects/getByIds", token, body);
        status.ShouldBe(200);
        answer["value"]!.AsArray().Count.ShouldBe(2);
        (await CallAsync(HttpMethod.Post, "/v1.0/directoryObjects/getByIds", token, new { ids = new[] { "x" } })).Status.ShouldBe(400);
        (await CallAsync(HttpMethod.Post, "/v1.0/directoryObjects/getByIds", null, body)).Status.ShouldBe(401);
    }
}
