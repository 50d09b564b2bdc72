using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Carrel.Access.Directory;
using Carrel.Access.Tests.Support;
using Carrel.Access.Tokens;
using Carrel.Arm.Identity;

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
