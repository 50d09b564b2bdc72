namespace Carrel.Fuzz.Tests.Mutation;

/// <summary>Headers that clients, proxies and attackers send.</summary>
internal static class HeaderMutation
{
    private static readonly string[] ContentTypes =
    [
        "application/json; charset=utf-16", "application/json;charset=\"utf-8\"", "APPLICATION/JSON", "text/plain", "text/json", "application/problem+json", "application/xml", "multipart/form-data", "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-7", "application/octet-stream", ";", "a", "*/*", "application/json, application/json", "\u00e9/\u00e9",
    ];

    private static readonly string[] Tokens =
    [
        "Bearer", "Bearer ", "bearer {{token}}", "Bearer  {{token}}", "Bearer {{token}}x", "Bearer x{{token}}", "Bearer a.b.c", "Bearer ..", "Bearer eyJhbGciOiJub25lIn0.e30.", "Bearer eyJhbGciOiJcdWQ4MDAifQ.e30.AAAA", "Bearer eyJcdWQ4MDAiOiIxIn0.e30.AAAA", "Bearer eyJhbGciOiJub25lIn0.eyJhdWQiOm51bGx9.AA",
        "Basic e30=", "Basic ====", "Basic {{token}}", "Negotiate x", "Bearer {{token}},Bearer {{token}}", "", "{{token}}", "Bearer \u00e9", "SharedKey a:b",
    ];

    private static readonly string[] Others =
    [
        "If-Match: *", "If-Match: \"x\"", "If-Match: W/\"1\"", "If-Match: \"1\", \"2\", W/\"3\"", "If-Match: garbage", "If-Match: \"", "If-Match: ,", "If-Match:", "If-None-Match: *", "If-None-Match: \"1\"", "If-None-Match: \"\u00e9\"", "If-Match: *\r\nIf-None-Match: *",
        "If-Modified-Since: yesterday", "If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT",
        "Content-Encoding: gzip", "Content-Encoding: br, identity", "Accept: text/html", "Accept: */*;q=2", "Accept: ;;;", "Accept-Encoding: *", "Accept-Language: de-DE,\u00e9;q=0.x", "Accept-Charset: utf-7",
        "x-ms-client-request-id: \u00e9", "x-ms-client-request-id: a b", "x-ms-correlation-request-id: nonsense", "x-ms-correlation-request-id: {11111111-1111-1111-1111-111111111111}", "x-ms-return-client-request-id: true", "x-ms-version: 2015-02-21",
        "X-Forwarded-Host: evil.example", "X-Forwarded-For: 1.2.3.4, ::1", "X-Forwarded-Proto: http", "Forwarded: for=\"[::1]\";host=evil", "X-HTTP-Method-Override: DELETE", "X-Original-URL: /healthz",
        "Origin: null", "Origin: https://evil.example", "Referer: https://evil.example/", "Cookie: =;;=; \u00e9=\u00e9", "Cookie: __Host-carrel=; __Host-carrel=x", "Cookie: a=\"", "Range: bytes=0-1", "Range: bytes=-", "Expect: 100-continue", "Expect: nonsense", "Prefer: return=minimal,respond-async",
        "traceparent: 00-x-y-z", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "baggage: a=%", "tracestate: \u00e9", "Upgrade: h2c", "Connection: close", "Connection: keep-alive, Upgrade\r\nUpgrade: websocket", "Max-Forwards: 0", "TE: trailers", "Trailer: X", "Via: 1.1 x",
    ];

    /// <summary>Changes the headers.</summary>
    /// <returns>True when the web server itself may refuse them.</returns>
    internal static bool Mutate(List<string> headers, Random random)
    {
        switch (random.Next(12))
        {
            case 0 or 1:
                headers.RemoveAll(header => header.StartsWith("Authorization:", StringComparison.Ordinal) || header.StartsWith("Cookie:", StringComparison.Ordinal));
                if (random.Next(4) > 0)
                    headers.Add("Authorization: " + Tokens[random.Next(Tokens.Length)]);
                break;
            case 2:
                headers.Add("Authorization: " + Tokens[random.Next(Tokens.Length)]);
                break;
            case 3 or 4:
                headers.RemoveAll(header => header.StartsWith("Content-Type:", StringComparison.Ordinal));
                if (random.Next(4) > 0)
                    headers.Add("Content-Type: " + ContentTypes[random.Next(ContentTypes.Length)]);
                break;
            case 5:
                headers.Add("X-Long: " + new string('a', random.Next(3) switch { 0 => 1000, 1 => 20_000, _ => 40_000 }));
                return true;
            case 6 when random.Next(3) == 0:
                headers.AddRange(Enumerable.Range(0, random.Next(10, 150)).Select(number => $"X-{number}: {number}"));
                return true;
            case 7 when random.Next(4) == 0:
                headers.Add("Authorization: Bearer " + new string('a', random.Next(1, 20_000)));
                return true;
            default:
                headers.Add(Others[random.Next(Others.Length)]);
                break;
        }

        // Bytes outside ASCII are the web server's to judge, and so are a second Host or Content-Length.
        return headers.Exists(header => header.Any(character => character > '~'));
    }
}
