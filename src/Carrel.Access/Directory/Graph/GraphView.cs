using System.Globalization;
using System.Text.Json.Nodes;
using Carrel.Arm.Identity;

namespace Carrel.Access.Directory.Graph;

/// <summary>Principals in the shapes of Microsoft Graph. A hash or secret is in none of them.</summary>
internal static class GraphView
{
    internal static JsonObject Of(DirectoryUser user) => new()
    {
        ["@odata.type"] = "#microsoft.graph.user",
        ["id"] = user.ObjectId.ToString(),
        ["displayName"] = user.DisplayName,
        ["userPrincipalName"] = user.UserName,
        ["mailNickname"] = user.UserName.Split('@')[0],
        ["mail"] = null,
        ["accountEnabled"] = user.Enabled,
        ["userType"] = "Member",
        ["createdDateTime"] = Instant(user.CreatedAt),
    };

    internal static JsonObject Of(DirectoryGroup group) => new()
    {
        ["@odata.type"] = "#microsoft.graph.group",
        ["id"] = group.ObjectId.ToString(),
        ["displayName"] = group.DisplayName,
        ["description"] = group.Description,
        ["securityEnabled"] = true,
        ["mailEnabled"] = false,
        ["mailNickname"] = group.DisplayName,
        ["groupTypes"] = new JsonArray(),
        ["createdDateTime"] = Instant(group.CreatedAt),
    };

    internal static JsonObject Of(ServicePrincipal principal, IEnumerable<ClientSecret>? secrets = null)
    {
        var view = new JsonObject
        {
            ["@odata.type"] = "#microsoft.graph.servicePrincipal",
            ["id"] = principal.ObjectId.ToString(),
            ["appId"] = principal.ClientId.ToString(),
            ["displayName"] = principal.DisplayName,
            ["appDisplayName"] = principal.DisplayName,
            ["servicePrincipalNames"] = new JsonArray(principal.ClientId.ToString()),
            ["servicePrincipalType"] = principal.Kind == CallerKind.ManagedIdentity ? "ManagedIdentity" : "Application",
            ["accountEnabled"] = principal.Enabled,
            ["createdDateTime"] = Instant(principal.CreatedAt),
        };
        AddCredentials(view, secrets);
        return view;
    }

    /// <summary>A program as the application that it is too: the same ids, name and secrets.</summary>
    internal static JsonObject ApplicationOf(ServicePrincipal program, IEnumerable<ClientSecret>? secrets = null)
    {
        var view = new JsonObject
        {
            ["@odata.type"] = "#microsoft.graph.application",
            ["id"] = program.ObjectId.ToString(),
            ["appId"] = program.ClientId.ToString(),
            ["displayName"] = program.DisplayName,
            ["identifierUris"] = new JsonArray(),
            ["signInAudience"] = ApplicationsApi.OwnTenant,
            ["createdDateTime"] = Instant(program.CreatedAt),
        };
        AddCredentials(view, secrets);
        return view;
    }

    /// <summary>A secret; its text only in the answer that makes it.</summary>
    internal static JsonObject Of(ClientSecret secret, string? text = null) => new()
    {
        ["keyId"] = secret.Id.ToString(),
        ["displayName"] = secret.Name,
        ["hint"] = secret.Hint.Length == 0 ? null : secret.Hint,
        ["startDateTime"] = secret.CreatedAt == DateTimeOffset.UnixEpoch ? null : Instant(secret.CreatedAt),
        ["endDateTime"] = Instant(secret.ExpiresAt),
        ["secretText"] = text,
        ["customKeyIdentifier"] = null,
    };

    // Clients index into both without asking whether they are there; in a list neither is looked up.
    private static void AddCredentials(JsonObject view, IEnumerable<ClientSecret>? secrets)
    {
        if (secrets is null)
            return;
        view["passwordCredentials"] = new JsonArray([.. secrets.Select(secret => Of(secret))]);
        view["keyCredentials"] = new JsonArray();
    }

    private static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
