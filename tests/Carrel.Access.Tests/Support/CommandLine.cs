using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Carrel.Access.Authority;

namespace Carrel.Access.Tests.Support;

/// <summary>The carrel command as far as the authority sees it.</summary>
internal sealed class CommandLine(AccessHost host, string clientId = CommandLineClient.Id)
{
    internal const string Redirect = "http://127.0.0.1:8400/";
    internal const string Scope = AccessHost.Origin + "/.default openid profile offline_access";

    /// <summary>Signs in through a browser that is signed in.</summary>
    internal async Task<JsonObject> SignInAsync(Browser browser, string scope = Scope)
    {
        (string code, string verifier) = await CodeAsync(browser, scope);
        (int status, JsonObject body) = await RedeemAsync(code, verifier);
        status.ShouldBe(200, body.ToJsonString());
        return body;
    }

    internal async Task<(string Code, string Verifier)> CodeAsync(Browser browser, string scope = Scope)
    {
        string verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        string challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        using HttpResponseMessage answer = await browser.GetAsync(
            $"/{host.Tenant}/oauth2/v2.0/authorize?client_id={clientId}&response_type=code&redirect_uri={Uri.EscapeDataString(Redirect)}&scope={Uri.EscapeDataString(scope)}&code_challenge={challenge}&code_challenge_method=S256");
        string location = answer.Headers.Location!.OriginalString;
        location.ShouldStartWith(Redirect + "?code=");
        return (location.Split("code=")[1].Split('&')[0], verifier);
    }

    internal Task<(int Status, JsonObject Body)> RedeemAsync(string code, string verifier) => host.TokenAsync(new()
    {
        ["grant_type"] = "authorization_code", ["client_id"] = clientId, ["code"] = code, ["redirect_uri"] = Redirect, ["code_verifier"] = verifier, ["client_info"] = "1",
    });

    internal Task<(int Status, JsonObject Body)> RefreshAsync(string token, string? client = null, string? scope = null)
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "refresh_token", ["client_id"] = client ?? clientId, ["refresh_token"] = token };
        if (scope is not null)
            form["scope"] = scope;
        return host.TokenAsync(form);
    }

    internal async Task<JsonObject> BeginDeviceAsync(string scope = Scope, string agent = "carrel/1.0")
    {
        (int status, JsonObject body) = await DeviceAsync(new() { ["client_id"] = clientId, ["scope"] = scope }, agent);
        status.ShouldBe(200, body.ToJsonString());
        return body;
    }

    internal async Task<(int Status, JsonObject Body)> DeviceAsync(Dictionary<string, string> form, string agent = "carrel/1.0", string? tenant = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{tenant ?? host.Tenant.ToString()}/oauth2/v2.0/devicecode") { Content = new FormUrlEncodedContent(form) };
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        using HttpResponseMessage response = await host.Http.SendAsync(request);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject());
    }

    internal Task<(int Status, JsonObject Body)> PollAsync(string deviceCode, string? client = null) => host.TokenAsync(new()
    {
        ["grant_type"] = "urn:ietf:params:oauth:grant-type:device_code", ["client_id"] = client ?? clientId, ["device_code"] = deviceCode, ["client_info"] = "1",
    });

    internal async Task<int> RevokeAsync(string token)
    {
        using HttpResponseMessage response = await host.Http.PostAsync(
            $"/{host.Tenant}/oauth2/v2.0/revoke", new FormUrlEncodedContent(new Dictionary<string, string> { ["client_id"] = clientId, ["token"] = token }));
        return (int)response.StatusCode;
    }
}
