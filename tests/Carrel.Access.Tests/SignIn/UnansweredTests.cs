using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Carrel.Access.Tests.Support;

namespace Carrel.Access.Tests.SignIn;

public sealed class UnansweredTests : IAsyncLifetime
{
    private AccessHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await AccessHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("GET", "/nothing", 404, "NotFound")]
    [InlineData("POST", "/subscription/x?api-version=2024-10-01", 404, "NotFound")]
    [InlineData("DELETE", "/signin", 405, "MethodNotAllowed")]
    [InlineData("GET", "/common/oauth2/v2.0/token", 405, "MethodNotAllowed")]
    [InlineData("PATCH", "/v1.0/users", 405, "MethodNotAllowed")]
    [InlineData("GET", "/v1.0/nothing", 404, "NotFound")]
    public async Task An_unknown_address_or_method_is_refused_with_code_message_and_target(string method, string path, int status, string code)
    {
        using HttpResponseMessage answer = await _host.SendAsync(new HttpMethod(method), path, null);

        ((int)answer.StatusCode).ShouldBe(status);
        JsonNode error = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["error"]!;
        error["code"]!.GetValue<string>().ShouldBe(code);
        error["message"]!.GetValue<string>().ShouldNotBeNullOrWhiteSpace();
        error["target"]!.GetValue<string>().ShouldBe(path.Split('?')[0]);
        if (status == 405)
            error["message"]!.GetValue<string>().ShouldContain(answer.Content.Headers.Allow.First());
    }

    [Fact]
    public async Task A_browser_gets_a_page_that_encodes_what_it_says()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/%3Cscript%3E");
        request.Headers.Accept.ParseAdd("text/html,*/*");
        using HttpResponseMessage answer = await _host.Http.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(404);
        string html = await answer.Content.ReadAsStringAsync();
        html.ShouldContain("Nothing here");
        html.ShouldNotContain("<script", Case.Insensitive);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'");
    }

    [Fact]
    public async Task A_HEAD_gets_no_body()
    {
        using HttpResponseMessage answer = await _host.SendAsync(HttpMethod.Head, "/nothing", null);

        ((int)answer.StatusCode).ShouldBe(404);
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }
}
