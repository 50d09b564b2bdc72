using System.Text.Json;
using System.Text.Json.Nodes;
using Carrel.Access.Tokens;
using Carrel.Arm.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Carrel.Access.Directory;

/// <summary>What the directory's addresses work with.</summary>
internal sealed record UsersServices(
    IArmAuthenticator Authenticator, IArmAuthorizer Authorizer, IDirectoryStore Directory, HomeTenant Home, AccessOptions Options, TimeProvider Time);

/// <summary>People, in the shape of Microsoft Graph.</summary>
public static class UsersApi
{
    private const string Manage = "Microsoft.Authorization/roleAssignments/write";
    private const int MostIds = 1000;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>Maps the directory's addresses.</summary>
    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1.0/users", User_Create);
        routes.MapGet("/v1.0/users", User_List);
        routes.MapPost("/v1.0/directoryObjects/getByIds", DirectoryObject_GetByIds);
    }

    private static async Task<IResult> User_Create(HttpContext context, [AsParameters] UsersServices services)
    {
        if (await RefuseAsync(context, services, manages: true) is { } refusal)
            return refusal;
        if (await ReadBodyAsync(context) is not { } body)
            return BadRequest("The body has to be a JSON object of at most 64 KB, without repeated members.");
        string? userName = Text(body, "userPrincipalName");
        string? displayName = Text(body, "displayName");
        string? password = body.TryGetProperty("passwordProfile", out JsonElement profile) && profile.ValueKind == JsonValueKind.Object
            ? Text(profile, "password")
            : null;
        if (UserNames.Fault(userName, services.Home.Value.Domain) is { } fault)
            return BadRequest(fault);
        if (displayName is not { Length: > 0 and <= 256 } || displayName.Any(char.IsControl))
            return BadRequest("displayName has to be 1 to 256 characters without control characters.");
        if (password is not { Length: >= UserNames.ShortestPassword and <= UserNames.LongestPassword })
            return BadRequest($"passwordProfile.password has to be {UserNames.ShortestPassword} to {UserNames.LongestPassword} characters.");

        var user = new DirectoryUser(Guid.NewGuid(), userName!, displayName, PasswordSignIn.HashPassword(password), services.Time.GetUtcNow());
        if (!await services.Directory.TryAddUserAsync(user, context.RequestAborted))
            return BadRequest("Another object with the same value for property userPrincipalName already exists.");
        return Results.Json(Describe(user), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> User_List(HttpContext context, [AsParameters] UsersServices services)
    {
        if (await RefuseAsync(context, services, manages: true) is { } refusal)
            return refusal;
        IReadOnlyList<DirectoryUser> users = await services.Directory.ListUsersAsync(context.RequestAborted);
        return Results.Json(List("users", services.Options, users.Select(Describe)));
    }

    /// <summary>Names for object ids: az asks here when it lists role assignments (wire contract 7). Unknown ids are left out, as Graph does.</summary>
    private static async Task<IResult> DirectoryObject_GetByIds(HttpContext context, [AsParameters] UsersServices services)
    {
        if (await RefuseAsync(context, services, manages: false) is { } refusal)
            return refusal;
        if (await ReadBodyAsync(context) is not { } body
            || !body.TryGetProperty("ids", out JsonElement ids) || ids.ValueKind != JsonValueKind.Array || ids.GetArrayLength() > MostIds)
            return BadRequest($"The body has to be a JSON object with 'ids', a list of at most {MostIds} object ids.");
        var found = new List<JsonObject>();
        foreach (JsonElement element in ids.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.String || !Guid.TryParse(element.GetString(), out Guid id))
                return BadRequest("Every one of 'ids' has to be a GUID.");
            if (await services.Directory.FindUserAsync(id, context.RequestAborted) is { } user)
                found.Add(Describe(user));
            else if (await services.Directory.FindServicePrincipalByObjectIdAsync(id, context.RequestAborted) is { } principal)
                found.Add(Describe(principal));
        }

        return Results.Json(List("directoryObjects", services.Options, found));
    }

    private static async Task<IResult?> RefuseAsync(HttpContext context, UsersServices services, bool manages)
    {
        AuthenticationOutcome outcome = await services.Authenticator.AuthenticateAsync(context.Request);
        if (outcome.Caller is null)
        {
            context.Response.Headers.WWWAuthenticate = services.Authenticator.Challenge;
            return Error(401, "InvalidAuthenticationToken", outcome.Message!);
        }

        if (!manages)
            return null;
        string scope = $"/subscriptions/{services.Options.SubscriptionId}";
        AuthorizationDecision decision = await services.Authorizer.AuthorizeAsync(outcome.Caller, Manage, scope, context.RequestAborted);
        return decision.Allowed ? null : Error(403, "Authorization_RequestDenied",
            $"Insufficient privileges to complete the operation: it needs '{Manage}' at '{scope}'.");
    }

    private static async Task<JsonElement?> ReadBodyAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = 64 * 1024;
        try
        {
            using JsonDocument document = await JsonDocument.ParseAsync(context.Request.Body, Strict, context.RequestAborted);
            RequireReadable(document.RootElement);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        // IOException: a request that breaks the protocol. InvalidOperationException: a text that is JSON and no Unicode.
        catch (Exception fault) when (fault is JsonException or IOException or InvalidOperationException)
        {
            return null;
        }
    }

    private static void RequireReadable(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray())
                    RequireReadable(item);
                break;
            case JsonValueKind.Object:
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    _ = member.Name;
                    RequireReadable(member.Value);
                }

                break;
        }
    }

    private static JsonObject Describe(DirectoryUser user) => new()
    {
        ["@odata.type"] = "#microsoft.graph.user",
        ["id"] = user.ObjectId,
        ["displayName"] = user.DisplayName,
        ["userPrincipalName"] = user.UserName,
        ["mail"] = null,
        ["accountEnabled"] = true,
    };

    private static JsonObject Describe(ServicePrincipal principal) => new()
    {
        ["@odata.type"] = "#microsoft.graph.servicePrincipal",
        ["id"] = principal.ObjectId,
        ["appId"] = principal.ClientId,
        ["displayName"] = principal.DisplayName,
        ["servicePrincipalNames"] = new JsonArray(principal.ClientId.ToString()),
        ["servicePrincipalType"] = principal.Kind == CallerKind.ManagedIdentity ? "ManagedIdentity" : "Application",
    };

    private static JsonObject List(string kind, AccessOptions options, IEnumerable<JsonObject> rows) => new()
    {
        ["@odata.context"] = $"{options.Origin}/v1.0/$metadata#{kind}",
        ["value"] = new JsonArray([.. rows]),
    };

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IResult BadRequest(string message) => Error(400, "Request_BadRequest", message);

    private static IResult Error(int status, string code, string message) =>
        Results.Json(new { error = new { code, message } }, statusCode: status);
}
