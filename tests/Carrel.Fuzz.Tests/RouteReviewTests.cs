using Carrel.Arm.Pipeline;
using Carrel.Fuzz.Tests.Support;
using Microsoft.AspNetCore.Routing;

namespace Carrel.Fuzz.Tests;

/// <summary>
/// Every route of the whole server: those of ARM name the action that is asked before their handler runs (or say why not, which
/// <c>PipelineTests</c> holds); every other one stands here with who may call it. A new route fails until somebody has thought about that.
/// </summary>
public sealed class RouteReviewTests
{
    /// <summary>Outside of ARM and the directory: what it is and who may call it.</summary>
    private static readonly Dictionary<string, string> Reviewed = new()
    {
        ["* /providers/{**rest}"] = "ARM's 404, after authentication",
        ["* /subscriptions/{**rest}"] = "ARM's 404, after authentication",
        ["* /tenants/{**rest}"] = "ARM's 404, after authentication",
        ["GET /healthz"] = "everybody: says that the server is there, and nothing else",
        ["GET /metadata/endpoints"] = "everybody: where authority and ARM are",
        ["GET /common/discovery/instance"] = "everybody: OpenID discovery",
        ["GET /{tenant}/v2.0/.well-known/openid-configuration"] = "everybody: OpenID discovery",
        ["GET /{tenant}/discovery/v2.0/keys"] = "everybody: public keys",
        ["GET /{tenant}/oauth2/v2.0/authorize"] = "everybody: leads to the sign-in; a code needs a session",
        ["POST /{tenant}/oauth2/v2.0/token"] = "everybody: asks for the secret, code or token that it exchanges",
        ["POST /{tenant}/oauth2/v2.0/devicecode"] = "everybody: a code that is worth nothing until a person confirms it",
        ["POST /{tenant}/oauth2/v2.0/revoke"] = "everybody: ends the refresh token that is sent",
        ["GET /signin"] = "everybody: the form",
        ["POST /signin"] = "everybody: asks for a password, limited",
        ["GET /signin/password"] = "everybody: leads to the sign-in",
        ["POST /signin/password"] = "everybody: asks for the present password, limited as the sign-in is",
        ["POST /signout"] = "everybody: ends the session of the cookie that is sent",
        ["GET /"] = "whoever is signed in: their own instances",
    };

    /// <summary>Pages that a session of one's own opens, and nobody else's: they are about the person of the session.</summary>
    private static readonly string[] OwnPages = ["/account", "/device"];

    [Fact]
    public async Task Every_route_names_an_action_or_has_been_reviewed()
    {
        await using FuzzServer server = await FuzzServer.StartAsync();
        RouteEndpoint[] endpoints = [.. server.Endpoints];
        ArmOperation[] arm = [.. endpoints.SelectMany(endpoint => endpoint.Metadata.GetMetadata<ArmOperations>()?.All ?? [])];
        arm.Length.ShouldBeGreaterThan(100);
        arm.ShouldAllBe(operation => (operation.Action == null) == (operation.OpenBecause != null));

        string[] others = [.. endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<ArmOperations>() is null).SelectMany(Routes).Distinct().Order(StringComparer.Ordinal)];
        string[] directory = [.. others.Where(route => route.Contains(" /v1.0/", StringComparison.Ordinal))];
        others.Except(directory).Where(route => !OwnPages.Any(page => route.Contains(" " + page, StringComparison.Ordinal))).ShouldBeSubsetOf(Reviewed.Keys, "somebody has to say who may call it");
        directory.Length.ShouldBeGreaterThan(5);
        foreach (string route in directory)
            (await AnonymousAsync(server, route)).ShouldBe(401, route);
    }

    private static IEnumerable<string> Routes(RouteEndpoint endpoint) =>
        (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"]).Select(method => $"{method} /{endpoint.RoutePattern.RawText!.TrimStart('/')}");

    // The directory asks for a token on every route, and for roles behind it.
    private static async Task<int> AnonymousAsync(FuzzServer server, string route)
    {
        string[] parts = route.Split(' ');
        using var http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator });
        using var request = new HttpRequestMessage(new HttpMethod(parts[0]), $"https://localhost:{server.Port}" + parts[1].Replace("{id}", Guid.Empty.ToString()).Replace("{member}", Guid.Empty.ToString()))
        {
            Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json"),
        };
        using HttpResponseMessage answer = await http.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
