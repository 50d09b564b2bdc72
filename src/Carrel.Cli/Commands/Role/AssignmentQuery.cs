using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Configuration;
using Carrel.Cli.Roles;

namespace Carrel.Cli.Commands.Role;

/// <summary>Which role assignments are meant: by role, by assignee, at a scope.</summary>
internal sealed class AssignmentQuery
{
    private readonly Option<string?> _role = new("--role") { Description = "Of this role alone: name or id.", HelpName = "name|guid" };
    private readonly Option<string?> _assignee = new("--assignee") { Description = "Of this principal alone: sign-in name, name of a group or program, or object id.", HelpName = "name|id" };
    private readonly RoleScopeOption _scope = new();

    /// <summary>Adds its options.</summary>
    public void AddTo(Command command)
    {
        command.Add(_role);
        command.Add(_assignee);
        _scope.AddTo(command);
    }

    /// <summary>Whether it names a role or an assignee.</summary>
    public bool IsNarrow(ParseResult parsed) => parsed.GetValue(_role) is not null || parsed.GetValue(_assignee) is not null;

    /// <summary>The scope as a path.</summary>
    public string Scope(ParseResult parsed, Settings settings) => _scope.Path(parsed, settings);

    /// <summary>The rows, those at the scope exactly when <paramref name="exactly"/>, and of it and above or below otherwise.</summary>
    public async Task<List<JsonObject>> RowsAsync(ParseResult parsed, RoleClient client, string scope, bool exactly, bool inherited, bool all, bool groups, CancellationToken cancel)
    {
        var filters = new List<string>();
        if (!all)
            filters.Add("atScope()");
        if (parsed.GetValue(_assignee) is { } assignee)
        {
            var (id, _) = await client.PrincipalAsync(assignee, cancel);
            filters.Add(groups ? $"assignedTo('{id}')" : $"principalId eq '{id}'");
        }
        var rows = await client.AssignmentsAsync(scope, filters.Count == 0 ? null : string.Join(" and ", filters), cancel);
        if (parsed.GetValue(_role) is { } role)
        {
            var id = (await client.FindAsync(scope, role, cancel))["name"]?.ToString();
            rows = [.. rows.Where(row => id is not null && RoleId(row).Equals(id, StringComparison.OrdinalIgnoreCase))];
        }
        return exactly || !(inherited || all)
            ? [.. rows.Where(row => IsAt(row, scope))]
            : inherited ? rows : [.. rows.Where(row => IsAtOrBelow(row, scope))];
    }

    /// <summary>The GUID of a row's role.</summary>
    public static string RoleId(JsonObject row) => row["properties"]?["roleDefinitionId"]?.ToString().Split('/')[^1] ?? "";

    private static bool IsAt(JsonObject row, string scope) => ScopeOf(row).Equals(Uri.UnescapeDataString(scope), StringComparison.OrdinalIgnoreCase);

    private static bool IsAtOrBelow(JsonObject row, string scope)
    {
        var above = Uri.UnescapeDataString(scope);
        return IsAt(row, scope) || ScopeOf(row).StartsWith(above + "/", StringComparison.OrdinalIgnoreCase);
    }

    private static string ScopeOf(JsonObject row) => row["properties"]?["scope"]?.ToString().TrimEnd('/') ?? "";
}
