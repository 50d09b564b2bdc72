using System.Net;
using System.Net.WebSockets;
using System.Text.RegularExpressions;

namespace Carrel.TestKit.Servers;

/// <summary>What a browser does on the way in: keeps cookies per origin, follows redirects, fills in the sign-in form, sends Origin.</summary>
public sealed partial class Browser(RunningCarrel carrel) : IDisposable
{
    private const int MostRedirects = 12;

    private readonly HttpClient _http = new(carrel.CreateHandler());
    private readonly Dictionary<string, Dictionary<string, string>> _cookies = [];

    /// <summary>Where it is.</summary>
    public Uri Location { get; private set; } = new(carrel.Url);

    /// <summary>Opens an address as a person would and follows redirects.</summary>
    public Task<HttpResponseMessage> OpenAsync(string address) => FollowAsync(HttpMethod.Get, new Uri(Location, address), null);

    /// <summary>Signs in on the page that is open now, or on the sign-in page.</summary>
    public Task<HttpResponseMessage> SignInAsync(HttpResponseMessage page, string user, string password) => SubmitAsync(page, fields =>
    {
        foreach (string name in fields.Keys.ToArray())
        {
            if (name.Contains("password", StringComparison.OrdinalIgnoreCase))
                fields[name] = password;
            else if (name.Contains("user", StringComparison.OrdinalIgnoreCase))
                fields[name] = user;
        }
    });

    /// <summary>Sends the first form of a page, with values for some of its fields or for a button.</summary>
    public Task<HttpResponseMessage> SubmitAsync(HttpResponseMessage page, params (string Name, string Value)[] values) => SubmitAsync(page, fields =>
    {
        foreach ((string name, string value) in values)
            fields[name] = value;
    });

    /// <summary>One request with this browser's cookies, no redirects followed.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, HttpContent? content = null, string? origin = null)
    {
        using var request = new HttpRequestMessage(method, address) { Content = content };
        request.Headers.Accept.ParseAdd("text/html,application/json;q=0.9,*/*;q=0.8");
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        if (CookieHeader(address) is { } cookies)
            request.Headers.Add("Cookie", cookies);
        HttpResponseMessage answer = await _http.SendAsync(request);
        Remember(address, answer);
        return answer;
    }

    /// <summary>Opens a WebSocket with this browser's cookies.</summary>
    public async Task<ClientWebSocket> OpenSocketAsync(Uri address, string? origin)
    {
        var socket = new ClientWebSocket();
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin);
        if (CookieHeader(new UriBuilder(address) { Scheme = "https" }.Uri) is { } cookies)
            socket.Options.SetRequestHeader("Cookie", cookies);
        await socket.ConnectAsync(address, new HttpMessageInvoker(carrel.CreateHandler()), CancellationToken.None);
        return socket;
    }

    /// <summary>Forgets or forges a cookie of an origin.</summary>
    public void SetCookie(Uri origin, string name, string? value)
    {
        Dictionary<string, string> jar = Jar(origin);
        if (value is null)
            jar.Remove(name);
        else
            jar[name] = value;
    }

    /// <summary>The cookies of an origin.</summary>
    public IReadOnlyDictionary<string, string> CookiesOf(Uri origin) => Jar(origin);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SubmitAsync(HttpResponseMessage page, Action<Dictionary<string, string>> fill)
    {
        string html = await page.Content.ReadAsStringAsync();
        Match form = FormPattern().Match(html);
        if (!form.Success)
            throw new InvalidOperationException($"No form at {Location}: {html}");
        Dictionary<string, string> fields = InputPattern().Matches(html)
            .Select(input => (Name: Attribute(input.Value, "name"), Value: Attribute(input.Value, "value")))
            .Where(input => input.Name is not null)
            .ToDictionary(input => input.Name!, input => input.Value ?? "");
        fill(fields);
        string action = WebUtility.HtmlDecode(Attribute(form.Value, "action") ?? Location.PathAndQuery);
        return await FollowAsync(HttpMethod.Post, new Uri(Location, action), fields);
    }

    private async Task<HttpResponseMessage> FollowAsync(HttpMethod method, Uri address, Dictionary<string, string>? fields)
    {
        for (int hop = 0; hop < MostRedirects; hop++)
        {
            using HttpContent? content = fields is null ? null : new FormUrlEncodedContent(fields);
            HttpResponseMessage answer = await SendAsync(method, address, content, fields is null ? null : address.GetLeftPart(UriPartial.Authority));
            Location = address;
            if ((int)answer.StatusCode is < 300 or >= 400 || answer.Headers.Location is null)
                return answer;
            address = new Uri(address, answer.Headers.Location);
            method = HttpMethod.Get;
            fields = null;
        }

        throw new InvalidOperationException($"More than {MostRedirects} redirects, the last to {address}.");
    }

    private Dictionary<string, string> Jar(Uri address)
    {
        string origin = address.GetLeftPart(UriPartial.Authority);
        return _cookies.TryGetValue(origin, out Dictionary<string, string>? jar) ? jar : _cookies[origin] = [];
    }

    private string? CookieHeader(Uri address)
    {
        Dictionary<string, string> jar = Jar(address);
        return jar.Count == 0 ? null : string.Join("; ", jar.Select(cookie => $"{cookie.Key}={cookie.Value}"));
    }

    private void Remember(Uri address, HttpResponseMessage answer)
    {
        if (!answer.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? lines))
            return;
        foreach (string line in lines)
        {
            string[] pair = line.Split(';')[0].Split('=', 2);
            bool removed = pair[1].Length == 0 || line.Contains("max-age=0", StringComparison.OrdinalIgnoreCase) || line.Contains("expires=Thu, 01 Jan 1970", StringComparison.OrdinalIgnoreCase);
            SetCookie(address, pair[0], removed ? null : pair[1]);
        }
    }

    private static string? Attribute(string tag, string name)
    {
        Match match = Regex.Match(tag, name + "=\"([^\"]*)\"");
        return match.Success ? WebUtility.HtmlDecode(match.Groups[1].Value) : null;
    }

    [GeneratedRegex("<form[^>]*>")]
    private static partial Regex FormPattern();

    [GeneratedRegex("<input[^>]*>")]
    private static partial Regex InputPattern();
}
