using System.Net;
using System.Net.WebSockets;

namespace Carrel.Gateway.Tests.Support;

/// <summary>As much of a browser as the way in needs: cookies for each host alone, redirects followed one by one.</summary>
internal sealed class Browser(GatewayHost host)
{
    private readonly Dictionary<(string Host, string Name), string> _cookies = [];

    internal void SetCookie(string domain, string name, string value) => _cookies[(domain, name)] = value;

    internal string? Cookie(string domain, string name) => _cookies.GetValueOrDefault((domain, name));

    internal string InstanceCookie(string name) => _cookies[($"{name}.lab.instances.localhost", "__Host-carrel-instance")];

    internal string CookieHeader(Uri url) =>
        string.Join("; ", _cookies.Where(cookie => cookie.Key.Host == url.Host).Select(cookie => $"{cookie.Key.Name}={cookie.Value}"));

    /// <summary>One request, without following a redirect.</summary>
    internal async Task<HttpResponseMessage> StepAsync(string url, HttpMethod? method = null, params (string Name, string Value)[] headers)
    {
        var address = new Uri(url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        if (CookieHeader(address) is { Length: > 0 } cookies)
            request.Headers.TryAddWithoutValidation("Cookie", cookies);
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        HttpResponseMessage response = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        foreach (string line in response.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? lines) ? lines : [])
        {
            string[] pair = line.Split(';')[0].Split('=', 2);
            _cookies[(address.Host, pair[0])] = pair[1];
        }

        return response;
    }

    /// <summary>Opens an address and follows redirects.</summary>
    internal async Task<HttpResponseMessage> NavigateAsync(string url)
    {
        for (int hop = 0; hop < 10; hop++)
        {
            HttpResponseMessage response = await StepAsync(url);
            if (response.StatusCode is not (HttpStatusCode.Redirect or HttpStatusCode.SeeOther))
                return response;
            url = new Uri(new Uri(url), response.Headers.Location!).ToString();
            response.Dispose();
        }

        throw new InvalidOperationException("Too many redirects.");
    }

    /// <summary>Follows redirects until one leads to a path, and gives its address without opening it.</summary>
    internal async Task<string> StopBeforeAsync(string url, string path)
    {
        for (int hop = 0; hop < 10; hop++)
        {
            using HttpResponseMessage response = await StepAsync(url);
            url = new Uri(new Uri(url), response.Headers.Location.ShouldNotBeNull()).ToString();
            if (new Uri(url).AbsolutePath == path)
                return url;
        }

        throw new InvalidOperationException("Too many redirects.");
    }

    internal async Task<ClientWebSocket> ConnectAsync(string name, string path, params (string Name, string Value)[] headers)
    {
        var socket = new ClientWebSocket();
        var url = new Uri($"wss://{name}.lab.instances.localhost:{host.Port}{path}");
        if (CookieHeader(url) is { Length: > 0 } cookies)
            socket.Options.SetRequestHeader("Cookie", cookies);
        foreach ((string header, string value) in headers)
            socket.Options.SetRequestHeader(header, value);
        try
        {
            socket.Options.CollectHttpResponseDetails = true;
            await socket.ConnectAsync(url, host.Http, TestContext.Current.CancellationToken);
            return socket;
        }
        catch (WebSocketException)
        {
            HttpStatusCode status = socket.HttpStatusCode;
            socket.Dispose();
            throw new RefusedException(status);
        }
    }
}

internal sealed class RefusedException(HttpStatusCode status) : Exception($"The upgrade was answered {status}.")
{
    internal HttpStatusCode Status { get; } = status;
}
