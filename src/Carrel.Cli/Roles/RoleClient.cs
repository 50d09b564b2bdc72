using System.Text.Json.Nodes;
using Carrel.Cli.Commands;
using Carrel.Cli.Commands.Role;
using Carrel.Cli.Errors;
using Carrel.Cli.Http;

namespace Carrel.Cli.Roles;

/// <summary>Role definitions and assignments of the server.</summary>
internal sealed class RoleClient(ArmClient client)
{
    private const string Provider = "/providers/Microsoft.Authorization";

    /// <summary>Path of a role definition.</summary>
    public static string Definition(string scope, string id) => $"{scope}{Provider}/roleDefinitions/{ScopeOptions.Segment(id)}";

    /// <summary>Path of a role assignment.</summary>
    public static string Assignment(string scope, string id) => $"{scope}{Provider}/roleAssignments/{ScopeOptions.Segment(id)}";

    /// <summary>Role definitions that can be given at a scope.</summary>
    public Task<List<JsonObject>> DefinitionsAsync(string scope, string? filter, CancellationToken cancel) =>
        client.ListAsync(Filtered($"{scope}{Provider}/roleDefinitions", filter), cancel);

    /// <summary>Role assignments of a scope.</summary>
    public Task<List<JsonObject>> AssignmentsAsync(string scope, string? filter, CancellationToken cancel) =>
        client.ListAsync(Filtered($"{scope}{Provider}/roleAssignments", filter), cancel);

    /// <summary>A role by its name or id.</summary>
    /// <exception cref="CliException">There is none.</exception>
    public async Task<JsonObject> FindAsync(string scope, string role, CancellationToken cancel)
    {
        if (Guid.TryParse(role, out var id))
            return await client.GetAsync(CommandContext.Versioned(Definition(scope, id.ToString("D"))), cancel) as JsonObject ?? throw NotFound(role);
        var named = await DefinitionsAsync(scope, $"roleName eq '{role.Replace("'", "''", StringComparison.Ordinal)}'", cancel);
        return named.Count > 0 ? named[0] : throw NotFound(role);
    }

    /// <summary>Who somebody is: an object id, or a name that the directory knows.</summary>
    /// <exception cref="CliException">Nobody has the name, or more than one has.</exception>
    public async Task<(string Id, string? Type)> PrincipalAsync(string assignee, CancellationToken cancel)
    {
        if (Guid.TryParse(assignee, out var id))
            return (id.ToString("D"), null);
        var found = new List<(string Id, string Type)>();
        found.AddRange(await NamedAsync("/v1.0/users", "User", assignee, ["userPrincipalName"], cancel));
        if (found.Count == 0)
            found.AddRange(await NamedAsync("/v1.0/groups", "Group", assignee, ["displayName", "mailNickname"], cancel));
        if (found.Count == 0)
            found.AddRange(await NamedAsync("/v1.0/servicePrincipals", "ServicePrincipal", assignee, ["displayName", "appId"], cancel));
        return found switch
        {
            [var only] => only,
            [] => throw new CliException(ExitCode.NotFound, $"The directory knows nobody called '{assignee}': check the name, or give an object id."),
            _ => throw CliException.Usage($"More than one is called '{assignee}': give an object id, one of {string.Join(", ", found.Select(one => one.Id))}."),
        };
    }

    /// <summary>Names of principals by object id; those that the directory does not know are left out.</summary>
    public async Task<IReadOnlyDictionary<string, string>> NamesAsync(IReadOnlyCollection<string> ids, CancellationToken cancel)
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in ids.Distinct(StringComparer.OrdinalIgnoreCase).Chunk(1000))
        {
            var body = new JsonObject { ["ids"] = new JsonArray([.. part.Select(id => JsonValue.Create(id))]) };
            var answer = await client.SendAsync(HttpMethod.Post, "/v1.0/directoryObjects/getByIds", body, cancel);
            foreach (var row in (answer.Body?["value"] as JsonArray ?? []).OfType<JsonObject>())
                names[row["id"]?.ToString() ?? ""] = (row["userPrincipalName"] ?? row["displayName"])?.ToString() ?? "";
        }
        return names;
    }

    private async Task<List<(string Id, string Type)>> NamedAsync(string path, string type, string name, string[] members, CancellationToken cancel)
    {
        try
        {
            var rows = await client.ListAsync(path, cancel);
            return [.. rows.Where(row => members.Any(member => name.Equals(row[member]?.ToString(), StringComparison.OrdinalIgnoreCase)))
                .Select(row => (row["id"]?.ToString() ?? "", type))];
        }
        catch (CliException problem) when (problem.ExitCode == ExitCode.NotFound)
        {
            // A server without this part of the directory.
            return [];
        }
    }

    private static string Filtered(string path, string? filter) =>
        CommandContext.Versioned(path) + (filter is null ? "" : "&$filter=" + Uri.EscapeDataString(filter));

    private static CliException NotFound(string role) =>
        new(ExitCode.NotFound, $"There is no role '{role}' here: list them with 'carrel role list'.");
}
