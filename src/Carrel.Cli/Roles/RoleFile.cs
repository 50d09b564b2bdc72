using System.Text.Json;
using System.Text.Json.Nodes;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Roles;

/// <summary>
/// A role in a file: as 'az role definition create' takes it (Name, IsCustom, Description, Actions, NotActions, DataActions, NotDataActions,
/// AssignableScopes), or as 'carrel role show' and the REST API print it. Names of members compare ignoring case.
/// </summary>
/// <param name="Id">The role's GUID, or null when the file says none.</param>
/// <param name="Name">Its name.</param>
/// <param name="Scopes">Where it may be assigned.</param>
/// <param name="Body">The body of the PUT.</param>
internal sealed record RoleFile(string? Id, string Name, IReadOnlyList<string> Scopes, JsonObject Body)
{
    private static readonly string[] Lists = ["actions", "notActions", "dataActions", "notDataActions"];

    private static readonly string[] Known =
        [.. Lists, "name", "id", "isCustom", "description", "assignableScopes", "roleName", "roleType", "type", "permissions", "createdOn", "updatedOn", "createdBy", "updatedBy"];

    /// <summary>Reads one.</summary>
    /// <exception cref="CliException">The text is no such file.</exception>
    public static RoleFile Read(string text, string file)
    {
        var root = Parse(text, file);
        var properties = Member(root, "properties") as JsonObject;
        var role = properties ?? root;
        if (role.FirstOrDefault(member => !Known.Contains(member.Key, StringComparer.OrdinalIgnoreCase)).Key is { } unknown)
            throw CliException.Usage($"'{file}': a role has no member '{unknown}'. It has Name, Description, Actions, NotActions, DataActions, NotDataActions and AssignableScopes.");
        if (Member(role, "isCustom") is JsonValue custom && custom.GetValueKind() == JsonValueKind.False)
            throw CliException.Usage($"'{file}': IsCustom is false, and only custom roles are written.");
        var outerName = Text(root, "name", file);
        var name = Text(role, "roleName", file) ?? outerName ?? throw CliException.Usage($"'{file}': the role needs a 'Name'.");
        var id = Text(root, "id", file)?.Split('/')[^1] ?? outerName;
        return new RoleFile(
            Guid.TryParse(id, out var guid) ? guid.ToString("D") : null,
            name,
            [.. Texts(role, "assignableScopes", file)],
            new JsonObject
            {
                ["properties"] = new JsonObject
                {
                    ["roleName"] = name,
                    ["description"] = Text(role, "description", file) ?? "",
                    ["type"] = "CustomRole",
                    ["permissions"] = Permissions(role, file),
                    ["assignableScopes"] = new JsonArray([.. Texts(role, "assignableScopes", file).Select(scope => JsonValue.Create(scope))]),
                },
            });
    }

    private static JsonArray Permissions(JsonObject role, string file)
    {
        if (Member(role, "permissions") is JsonArray permissions)
            return permissions.DeepClone().AsArray();
        var one = new JsonObject();
        foreach (var list in Lists)
            one[list] = new JsonArray([.. Texts(role, list, file).Select(action => JsonValue.Create(action))]);
        // Not a collection expression: its Add of any type does not survive trimming.
        return new JsonArray((JsonNode)one);
    }

    private static JsonObject Parse(string text, string file)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip }) as JsonObject
                ?? throw CliException.Usage($"'{file}' must be a JSON object with the role.");
        }
        catch (JsonException problem)
        {
            throw new CliException(ExitCode.Usage, $"'{file}' is no valid JSON: {problem.Message}", problem);
        }
    }

    private static string? Text(JsonObject role, string name, string file) => Member(role, name) switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => throw CliException.Usage($"'{file}': '{name}' must be a text."),
    };

    private static List<string> Texts(JsonObject role, string name, string file) => Member(role, name) switch
    {
        null => [],
        JsonArray list when list.All(item => item?.GetValueKind() == JsonValueKind.String) => [.. list.Select(item => item!.GetValue<string>())],
        _ => throw CliException.Usage($"'{file}': '{name}' must be a list of texts."),
    };

    private static JsonNode? Member(JsonObject role, string name) => role.FirstOrDefault(member => member.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
