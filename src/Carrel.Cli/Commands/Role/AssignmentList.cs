using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Roles;

namespace Carrel.Cli.Commands.Role;

/// <summary><c>carrel role assignment list</c> (RoleAssignments_ListForScope).</summary>
internal sealed class AssignmentList(CliHost host)
    : ResultVerb(host, "list", "List who has which role at a scope.", RoleViews.AssignmentColumns)
{
    private readonly AssignmentQuery _query = new();
    private readonly Option<bool> _all = new("--all") { Description = "Also those on what lies below the scope." };
    private readonly Option<bool> _inherited = new("--include-inherited") { Description = "Also those above the scope, which hold here too." };
    private readonly Option<bool> _groups = new("--include-groups") { Description = "With --assignee: also those of the groups it belongs to." };

    /// <inheritdoc/>
    protected override void AddOwnOptions(Command command)
    {
        _query.AddTo(command);
        command.Add(_all);
        command.Add(_inherited);
        command.Add(_groups);
    }

    /// <inheritdoc/>
    protected override async Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await OpenAsync(cancel);
        var client = new RoleClient(context.Client);
        var scope = _query.Scope(parsed, context.Settings);
        var rows = await _query.RowsAsync(
            parsed, client, scope, exactly: false, parsed.GetValue(_inherited), parsed.GetValue(_all), parsed.GetValue(_groups), cancel);
        var principals = rows.Count == 0 ? new Dictionary<string, string>() : await client.NamesAsync([.. rows.Select(Principal)], cancel);
        var roles = (rows.Count == 0 ? [] : await client.DefinitionsAsync(scope, "atScopeAndBelow()", cancel))
            .ToDictionary(role => role["name"]?.ToString() ?? "", role => role["properties"]?["roleName"]?.ToString(), StringComparer.OrdinalIgnoreCase);
        return new JsonArray([.. rows.Select(row =>
            RoleViews.Assignment(row, principals.GetValueOrDefault(Principal(row)), roles.GetValueOrDefault(AssignmentQuery.RoleId(row))))]);
    }

    private static string Principal(JsonObject row) => row["properties"]?["principalId"]?.ToString() ?? "";
}
