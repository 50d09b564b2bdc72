using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Carrel.Access.Directory.Graph;

/// <summary>The body of a directory request: a JSON object of at most 64 KB, each member once.</summary>
internal readonly struct GraphBody(JsonElement root)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    internal static async Task<GraphBody> ReadAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = 64 * 1024;
        try
        {
            using JsonDocument document = await JsonDocument.ParseAsync(context.Request.Body, Strict, context.RequestAborted);
            RequireReadable(document.RootElement);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return new GraphBody(document.RootElement.Clone());
        }
        // IOException: a request that breaks the protocol. InvalidOperationException: a text that is JSON and no Unicode.
        catch (Exception fault) when (fault is JsonException or IOException or InvalidOperationException)
        {
            // Said below.
        }

        throw GraphRefusal.BadRequest("The body has to be a JSON object of at most 64 KB, without repeated members.");
    }

    /// <summary>All members, in their order.</summary>
    internal JsonElement.ObjectEnumerator Members => root.EnumerateObject();

    /// <summary>A member, or null when absent or null.</summary>
    internal JsonElement? Member(string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A text, or null when absent.</summary>
    internal string? Text(string name) => Member(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw GraphRefusal.BadRequest($"'{name}' has to be a text."),
    };

    /// <summary>True or false, or null when absent.</summary>
    internal bool? Flag(string name) => Member(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw GraphRefusal.BadRequest($"'{name}' has to be true or false."),
    };

    /// <summary>A GUID, or null when absent.</summary>
    internal Guid? Id(string name) => Text(name) is not { } text ? null
        : Guid.TryParseExact(text, "D", out Guid id) && id != Guid.Empty ? id : throw GraphRefusal.BadRequest($"'{name}' has to be a GUID such as 11111111-2222-3333-4444-555555555555.");

    /// <summary>An object inside, or null when absent.</summary>
    internal GraphBody? Inner(string name) => Member(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => new GraphBody(value),
        _ => throw GraphRefusal.BadRequest($"'{name}' has to be an object."),
    };

    /// <summary>A list of GUIDs.</summary>
    internal List<Guid> Ids(string name, int most)
    {
        if (Member(name) is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() > most)
            throw GraphRefusal.BadRequest($"The body has to be a JSON object with '{name}', a list of at most {most} object ids.");
        var ids = new List<Guid>();
        foreach (JsonElement element in list.EnumerateArray())
            ids.Add(element.ValueKind == JsonValueKind.String && Guid.TryParse(element.GetString(), out Guid id) ? id : throw GraphRefusal.BadRequest($"Every one of '{name}' has to be a GUID."));
        return ids;
    }

    /// <summary>A name for people.</summary>
    internal string? DisplayName(bool required)
    {
        string? name = Text("displayName");
        if (name is null && !required)
            return null;
        return name is { Length: > 0 and <= 256 } && !name.Any(char.IsControl) && name.Trim().Length > 0
            ? name
            : throw GraphRefusal.BadRequest("displayName has to be 1 to 256 characters without control characters.");
    }

    /// <summary>A new password, in <c>passwordProfile.password</c>.</summary>
    internal string? Password(bool required)
    {
        string? password = Inner("passwordProfile")?.Text("password");
        if (password is null && !required)
            return null;
        return UserNames.PasswordFault(password) is { } fault ? throw GraphRefusal.BadRequest("passwordProfile.password " + fault) : password;
    }

    /// <summary>Whether the person has to choose a new password at the next sign-in; null when nothing is said about it.</summary>
    internal bool? MustChangePassword() => Inner("passwordProfile") is not { } profile ? null
        : profile.Flag("forceChangePasswordNextSignInWithMfa") == true
            ? throw GraphRefusal.BadRequest("passwordProfile.forceChangePasswordNextSignInWithMfa cannot be true: there is no second factor. Use forceChangePasswordNextSignIn.")
            : profile.Flag("forceChangePasswordNextSignIn");

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
}
