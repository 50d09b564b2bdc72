using System.Net;
using System.Text.RegularExpressions;
using Carrel.Access.SignIn;

namespace Carrel.Access.Tests.Support;

/// <summary>A browser as far as these tests need one: keeps cookies (the host under test has no TLS, so a real jar would keep Secure ones back).</summary>
internal sealed partial class Browser(AccessHost host)
{
    internal Dictionary<string, string> Cookies { get; } = [];

    internal List<string> SetCookies { get; } = [];

    internal async Task<HttpResponseMessage> GetAsync(string path) => await SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    internal async Task<HttpResponseMessage> PostAsync(string path, Dictionary<string, string> form, string? origin = AccessHost.Origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) };
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        return await SendAsync(request);
    }

    /// <summary>Opens the sign-in page and reads its token.</summary>
    internal async Task<string> FormTokenAsync(string page = "/signin")
    {
        HttpResponseMessage response = await GetAsync(page);
        return FormTokenOf(await response.Content.ReadAsStringAsync());
    }

    internal static string FormTokenOf(string html) => TokenField().Match(html).Groups["value"].Value;

    internal async Task<HttpResponseMessage> SignInAsync(string name, string password, string target = "/")
    {
        string token = await FormTokenAsync();
        return await PostAsync("/signin", new()
        {
            ["username"] = name, ["password"] = password, ["return"] = target, [FormGuard.Field] = token,
        });
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        if (Cookies.Count > 0)
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        HttpResponseMessage response = await host.Http.SendAsync(request);
        foreach (string line in response.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? lines) ? lines : [])
        {
            SetCookies.Add(line);
            string[] pair = line.Split(';')[0].Split('=', 2);
            if (pair[1].Length == 0)
                Cookies.Remove(pair[0]);
            else
                Cookies[pair[0]] = WebUtility.UrlDecode(pair[1]);
        }

        return response;
    }

    [GeneratedRegex($"name=\"{FormGuard.Field}\" value=\"(?<value>[^\"]+)\"")]
    private static partial Regex TokenField();
}
