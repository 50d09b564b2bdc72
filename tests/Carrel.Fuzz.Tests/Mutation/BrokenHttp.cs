namespace Carrel.Fuzz.Tests.Mutation;

/// <summary>Requests that are no HTTP/1.1, or two readers could read differently. After each the connection is given up.</summary>
internal static class BrokenHttp
{
    private static readonly string[] Templates =
    [
        "GET /subscriptions HTTP/1.1\r\n\r\n",
        "GET /subscriptions HTTP/3.0\r\nHost: H\r\n\r\n",
        "GET /subscriptions HTTP/0.9\r\nHost: H\r\n\r\n",
        "GET /subscriptions\r\n\r\n",
        "get /subscriptions?api-version=2024-10-01 HTTP/1.1\r\nHost: H\r\n\r\n",
        "GET  /subscriptions  HTTP/1.1\r\nHost: H\r\n\r\n",
        "GET /subscriptions HTTP/1.1\nHost: H\n\n",
        "GET https://H/subscriptions?api-version=2024-10-01 HTTP/1.1\r\nHost: H\r\n\r\n",
        "GET https://evil.example/subscriptions HTTP/1.1\r\nHost: H\r\n\r\n",
        "CONNECT H:443 HTTP/1.1\r\nHost: H\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: H\r\n\r\n",
        "TRACE /subscriptions?api-version=2024-10-01 HTTP/1.1\r\nHost: H\r\n\r\n",
        "PROPFIND /subscriptions?api-version=2024-10-01 HTTP/1.1\r\nHost: H\r\nDepth: 1\r\n\r\n",
        "G\u00e9T / HTTP/1.1\r\nHost: H\r\n\r\n",
        "POST P HTTP/1.1\r\nHost: H\r\nA\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{\"a\":1}",
        "POST P HTTP/1.1\r\nHost: H\r\nA\r\nContent-Length: -1\r\n\r\n{}",
        "POST P HTTP/1.1\r\nHost: H\r\nA\r\nContent-Length: 99999999999999999999\r\n\r\n{}",
        "POST P HTTP/1.1\r\nHost: H\r\nA\r\nContent-Length: 3000000000\r\n\r\n{}",
        "PUT P HTTP/1.1\r\nHost: H\r\nA\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"location\":\"local\"",
        "PUT P HTTP/1.1\r\nHost: H\r\nA\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: H\r\n\r\n",
        "PUT P HTTP/1.1\r\nHost: H\r\nA\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        "PUT P HTTP/1.1\r\nHost: H\r\nA\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}\r\n0\r\n\r\n",
        "PUT P HTTP/1.1\r\nHost: H\r\nA\r\nTransfer-Encoding: chunked\r\n\r\n2;a=\"b\"\r\n{}\r\n0\r\nX: y\r\n\r\n",
        "PUT P HTTP/1.1\r\nHost: H\r\nA\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}",
        "PUT P HTTP/1.1\r\nHost: H\r\nA\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "PUT P HTTP/1.1\r\nHost: H\r\nA\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "GET P HTTP/1.1\r\nHost: H\r\nA\r\nTransfer-Encoding : chunked\r\n\r\n",
        "GET P HTTP/1.1\r\nHost: H\r\nX: a\r\n b\r\n\r\n",
        "GET P HTTP/1.1\r\nHost: H\r\nX\u0000Y: a\r\n\r\n",
        "GET P HTTP/1.1\r\nHost: H\r\nX: a\u0000b\r\n\r\n",
        "GET P HTTP/1.1\r\nHost: H\r\n: a\r\n\r\n",
        "GET P HTTP/1.1\r\nHost: H\r\nHost: evil.example\r\n\r\n",
        "GET P HTTP/1.1\r\nHost: \r\n\r\n",
        "GET P HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET P HTTP/1.1\r\nHost: [::1\r\n\r\n",
        "GET P HTTP/1.1\r\nHost: H:99999999\r\n\r\n",
        "GET P HTTP/1.1\r\nHost: x@H\r\n\r\n",
        "GET P HTTP/1.1\r\nHost: \u00e9.local.instances.localhost\r\n\r\n",
        "GET P HTTP/1.1\r\nHost: H\r\nA\r\n\r\nGET P HTTP/1.1\r\nHost: H\r\nA\r\n\r\n",
        "GET P HTTP/1.1\r\nHost: H\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000",
        "\r\n\r\n\r\n",
        "",
    ];

    /// <summary>Bytes for a socket, a character each.</summary>
    internal static string Make(string path, string host, string credential, Random random)
    {
        string text = Templates[random.Next(Templates.Length)]
            .Replace("Host: H", "Host: " + host, StringComparison.Ordinal)
            .Replace("\r\nA\r\n", "\r\n" + credential + "\r\n", StringComparison.Ordinal)
            .Replace(" P HTTP", " " + path + " HTTP", StringComparison.Ordinal);
        return random.Next(5) switch
        {
            0 => text.Insert(random.Next(text.Length + 1), OddValues.Bytes(random, 20)),
            1 when text.Length > 0 => text[..random.Next(text.Length)],
            _ => text,
        };
    }
}
