using System.Text.Json.Nodes;
using Carrel.Access.Directory;
using Carrel.Access.Tokens;
using Carrel.Arm.Identity;

namespace Carrel.Access.Tests.Support;

/// <summary>An answer of the directory.</summary>
internal sealed record GraphAnswer(int Status, JsonNode? Body, string? Warning)
{
    internal string? Code => Body?["error"]?["code"]?.GetValue<string>();

    internal string Message => Body!["error"]!["message"]!.GetValue<string>();

    internal Guid Id => Guid.Parse(Body!["id"]!.GetValue<string>());

    internal string[] Values(string member) => [.. Body!["value"]!.AsArray().Select(row => row![member]!.ToString())];
}

/// <summary>The directory as somebody calls it.</summary>
internal sealed class GraphClient(AccessHost host, string? token)
{
    internal Task<GraphAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    internal Task<GraphAnswer> PostAsync(string path, object? body = null) => SendAsync(HttpMethod.Post, path, body);

    internal Task<GraphAnswer> PatchAsync(string path, object body) => SendAsync(HttpMethod.Patch, path, body);

    internal Task<GraphAnswer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    internal Task<GraphAnswer> AddMemberAsync(Guid group, Guid member) =>
        PostAsync($"/v1.0/groups/{group}/members/$ref", new Dictionary<string, string> { ["@odata.id"] = $"{AccessHost.Origin}/v1.0/directoryObjects/{member}" });

    internal async Task<GraphAnswer> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using HttpResponseMessage response = await host.SendAsync(method, path, token, body);
        string text = await response.Content.ReadAsStringAsync();
        return new GraphAnswer(
            (int)response.StatusCode,
            text.Length == 0 ? null : JsonNode.Parse(text),
            response.Headers.TryGetValues("Warning", out IEnumerable<string>? warnings) ? warnings.Single() : null);
    }
}

internal static class GraphClients
{
    internal static async Task<GraphClient> AsOwnerAsync(this AccessHost host) => new(host, await host.ProgramTokenAsync());

    internal static GraphClient As(this AccessHost host, DirectoryUser user) => new(host, host.TokenOf(user));

    internal static string TokenOf(this AccessHost host, DirectoryUser user) => host.Get<TokenIssuer>().Issue(
        new TokenRequest(user.ObjectId, CallerKind.User, AccessHost.Origin, "cli", user.UserName, user.DisplayName)).Value;

    internal static async Task<int> WhoAmIAsync(this AccessHost host, string token)
    {
        using HttpResponseMessage response = await host.SendAsync(HttpMethod.Get, "/whoami", token);
        return (int)response.StatusCode;
    }

    internal static async Task<DirectoryUser> AdministratorAsync(this AccessHost host) =>
        (await host.Directory.FindUserAsync(host.First.AdministratorId, CancellationToken.None))!;
}
