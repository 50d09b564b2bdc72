using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;

namespace Carrel.Attack.Support;

/// <summary>A person with a password, who signs in as people do.</summary>
/// <param name="carrel">Where.</param>
/// <param name="objectId">Object id.</param>
/// <param name="userName">Sign-in name.</param>
/// <param name="password">Password.</param>
public sealed class Person(RunningCarrel carrel, Guid objectId, string userName, string password)
{
    /// <summary>The command's client id (RFC 8252), whose codes can be redeemed.</summary>
    public const string CommandLine = "c4a77e10-0000-4000-8000-0000000000c1";

    private const string Loopback = "http://127.0.0.1:51234/";

    private string? _token;

    /// <summary>Object id.</summary>
    public Guid ObjectId => objectId;

    /// <summary>Sign-in name.</summary>
    public string UserName => userName;

    /// <summary>Password.</summary>
    public string Password => password;

    /// <summary>A browser in which the person is signed in to the studio.</summary>
    public async Task<Browser> BrowserAsync()
    {
        var browser = new Browser(carrel);
        HttpResponseMessage page = await browser.OpenAsync(carrel.Url + "/");
        (await browser.SignInAsync(page, userName, password)).StatusCode.ShouldBe(HttpStatusCode.OK);
        return browser;
    }

    /// <summary>A browser that has come into an instance of the person.</summary>
    public async Task<Browser> InsideAsync(Uri origin)
    {
        Browser browser = await BrowserAsync();
        (await browser.OpenAsync(new Uri(origin, "/api/status").ToString())).StatusCode.ShouldBe(HttpStatusCode.OK);
        return browser;
    }

    /// <summary>An access token for ARM, as the command gets it.</summary>
    public async Task<string> TokenAsync() => _token ??= (await RedeemAsync(await CodeAsync()))["access_token"]!.GetValue<string>();

    /// <summary>A fresh authorization code with its verifier.</summary>
    public async Task<Code> CodeAsync()
    {
        using Browser browser = await BrowserAsync();
        string verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        HttpResponseMessage answer = await browser.SendAsync(HttpMethod.Get, AuthorizeAddress(
            Loopback, $"code_challenge_method=S256&code_challenge={Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))}"));
        string code = HttpUtility.ParseQueryString(answer.Headers.Location?.Query ?? "")["code"]
            ?? throw new InvalidOperationException($"{(int)answer.StatusCode} {answer.Headers.Location} {await answer.Content.ReadAsStringAsync()}");
        return new Code(code, verifier);
    }

    /// <summary>The authorize address for the command's client.</summary>
    public Uri AuthorizeAddress(string redirect, string more) => new(
        $"{carrel.Url}/{carrel.Client["CARREL_TENANT"]}/oauth2/v2.0/authorize?client_id={CommandLine}&response_type=code&scope=openid&state=s&redirect_uri={Uri.EscapeDataString(redirect)}&{more}");

    /// <summary>Redeems a code at the token endpoint.</summary>
    public async Task<JsonNode> RedeemAsync(Code code, string? client = null, string? redirect = null)
    {
        using HttpClient http = carrel.CreateClient();
        using HttpResponseMessage answer = await http.PostAsync($"/{carrel.Client["CARREL_TENANT"]}/oauth2/v2.0/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = client ?? CommandLine,
            ["code"] = code.Value,
            ["redirect_uri"] = redirect ?? Loopback,
            ["code_verifier"] = code.Verifier,
        }));
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }
}

/// <summary>An authorization code and the verifier of its challenge.</summary>
public sealed record Code(string Value, string Verifier);
