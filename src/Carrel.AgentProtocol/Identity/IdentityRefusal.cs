using System.Text.Json.Nodes;

namespace Carrel.AgentProtocol.Identity;

/// <summary>A refused question for a token, in the words of contract 9.3; both endpoints answer in this form.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Error">The word of <c>error</c>.</param>
/// <param name="Description">The sentence of <c>error_description</c>: what is wrong and what to do.</param>
public sealed record IdentityRefusal(int Status, string Error, string Description)
{
    /// <summary>A parameter is missing, double or wrong, or the identity is not assigned: a client goes on to its next credential after 400 only.</summary>
    public static IdentityRefusal InvalidRequest(string description) => new(400, "invalid_request", description);

    /// <summary>The header <c>Metadata</c> is missing or not exactly <c>true</c>.</summary>
    public static IdentityRefusal NoMetadataHeader { get; } = new(400, "bad_request_102", "Required metadata header not specified: send 'Metadata: true'.");

    /// <summary>The tenant does not know for whom the token is to be.</summary>
    public static IdentityRefusal UnknownResource(string resource) =>
        new(400, "invalid_resource", $"The resource '{Shorten(resource)}' is not known in the tenant: ask for this server's address or for https://management.azure.com.");

    /// <summary>The secret is missing or wrong.</summary>
    public static IdentityRefusal WrongSecret { get; } = new(401, "unauthorized_client", "The header 'Secret' must carry the value of MSI_SECRET.");

    /// <summary>No such path.</summary>
    public static IdentityRefusal UnknownPath { get; } = new(401, "unknown_source", "There is no such path: verify that the request's address is formed correctly.");

    /// <summary>Too many questions; a client repeats it later.</summary>
    public static IdentityRefusal Throttled { get; } = new(429, "too_many_requests", "Too many requests for tokens: wait a few seconds, and use a token again until it expires.");

    /// <summary>The token could not be issued; a client repeats it.</summary>
    public static IdentityRefusal Failed { get; } = new(500, "unknown", "The token could not be issued just now: try again.");

    /// <summary>The body.</summary>
    public string ToJson() => new JsonObject { ["error"] = Error, ["error_description"] = Description }.ToJsonString();

    internal static string Shorten(string text)
    {
        string shown = new([.. text.Take(100).Where(character => !char.IsControl(character) && !char.IsSurrogate(character))]);
        return text.Length > 100 ? shown + "..." : shown;
    }
}
