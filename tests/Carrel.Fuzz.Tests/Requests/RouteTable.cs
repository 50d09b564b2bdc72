using Carrel.Arm.Pipeline;
using Carrel.Fuzz.Tests.Support;
using Microsoft.AspNetCore.Routing;

namespace Carrel.Fuzz.Tests.Requests;

/// <summary>
/// What is fuzzed: every route the server maps, found by asking it, with the bodies of <see cref="SeedBodies"/>; and the addresses of
/// instances, which no route names.
/// </summary>
internal static class RouteTable
{
    internal const string Studio = "localhost:{{port}}";
    internal const string Bearer = "Authorization: Bearer {{token}}";

    private const string Form = "application/x-www-form-urlencoded";
    private const string Instance = "desk.local.instances.localhost:{{port}}";

    private static readonly string[] AnyMethod = ["GET", "POST", "PUT", "DELETE"];

    // Roles have the same calls at five kinds of scope: two of each are enough, or the others' turns would be few.
    internal static IReadOnlyList<FuzzRoute> Of(FuzzServer server) =>
        [.. server.Endpoints.SelectMany(Routes).GroupBy(route => (route.Operation, route.Method)).SelectMany(same => same.TakeLast(2)), .. Instances];

    private static IEnumerable<FuzzRoute> Routes(RouteEndpoint endpoint)
    {
        string pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
        if (endpoint.Metadata.GetMetadata<ArmOperations>() is { } operations)
            return operations.All.Select(operation => Arm(operation.Name, operation.Method, pattern));
        if (pattern.Contains("{**", StringComparison.Ordinal))
            return AnyMethod.Select(method => Arm("nothing at " + pattern, method, pattern));
        return (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? AnyMethod).Select(method => Access(method, pattern));
    }

    private static FuzzRoute Arm(string name, string method, string pattern) => new(
        name, Plane.Arm, method, pattern + "?api-version=2024-10-01", Studio, method is "GET" or "HEAD" or "DELETE" ? [] : SeedBodies.Json(name), "application/json", [Bearer]);

    private static FuzzRoute Access(string method, string pattern)
    {
        (string query, string[] bodies, string type) = pattern switch
        {
            _ when pattern.EndsWith("/token", StringComparison.Ordinal) => ("", SeedBodies.Tokens, Form),
            _ when pattern.EndsWith("/authorize", StringComparison.Ordinal) => (SeedBodies.AuthorizeQuery, [], Form),
            _ when pattern.EndsWith("/devicecode", StringComparison.Ordinal) => ("", SeedBodies.DeviceCodes, Form),
            _ when pattern.EndsWith("/revoke", StringComparison.Ordinal) => ("", SeedBodies.Revocations, Form),
            "/device" or "/device/answer" => ("?user_code=BCDF-GHJK", SeedBodies.DeviceForms, Form),
            "/account/password" or "/signin/password" => ("", SeedBodies.Passwords, Form),
            "/signin" when method == "POST" => ("", SeedBodies.SignIn, Form),
            "/signin" => ("?return=%2Ftest", [], Form),
            "/signout" => ("", SeedBodies.SignOut, Form),
            "/v1.0/users" when method == "POST" => ("", SeedBodies.Users, "application/json"),
            "/v1.0/users" => ("?$filter=startswith(displayName,'a')&$top=5", [], "application/json"),
            _ when pattern.StartsWith("/v1.0/", StringComparison.Ordinal) => ("", SeedBodies.Directory, "application/json"),
            _ when pattern.StartsWith("/metadata", StringComparison.Ordinal) => ("?api-version=2019-05-01", [], Form),
            _ => ("", Array.Empty<string>(), Form),
        };
        string[] credentials = pattern.StartsWith("/v1.0/", StringComparison.Ordinal)
            ? [Bearer]
            : ["Cookie: {{formcookie}}\r\nOrigin: https://localhost:{{port}}", "Cookie: {{session}}\r\nOrigin: https://localhost:{{port}}", "Accept: */*"];
        return new FuzzRoute($"{method} {pattern}", Plane.Access, method, pattern + query, Studio, bodies, type, credentials);
    }

    private static IEnumerable<FuzzRoute> Instances =>
        from host in new[] { Instance, "chair.local.instances.localhost:{{port}}", "nobody.local.instances.localhost:{{port}}", "desk.elsewhere.instances.localhost:{{port}}" }
        from path in new[] { "/lab", "/api/contents/a%20b.ipynb?content=1", "/.carrel/callback?code=abc&state=def", "/.carrel/signout", "/files/%2e%2e/x" }
        from method in new[] { "GET", "POST" }
        select new FuzzRoute(
            $"{method} {host.Split('.')[0]} {path}", Plane.Gateway, method, path, host, method == "POST" ? ["{\"a\":1}"] : [], "application/json",
            [Bearer, "Cookie: {{session}}", "Cookie: __Host-carrel=abc; __Host-carrel-instance=def\r\nSec-Fetch-Mode: navigate\r\nAccept: text/html", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n" + Bearer]);
}
