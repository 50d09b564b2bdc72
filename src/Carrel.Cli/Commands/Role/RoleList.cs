using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Roles;

namespace Carrel.Cli.Commands.Role;

/// <summary><c>carrel role list</c> (RoleDefinitions_List).</summary>
internal sealed class RoleList(CliHost host)
    : ResultVerb(host, "list", "List the roles that can be given at a scope.", RoleViews.DefinitionColumns)
{
    private readonly Option<bool> _custom = new("--custom-role-only") { Description = "Leave the built-in roles out." };
    private readonly RoleScopeOption _scope = new();

    /// <inheritdoc/>
    protected override void AddOwnOptions(Command command)
    {
        command.Add(_custom);
        _scope.AddTo(command);
    }

    /// <inheritdoc/>
    protected override async Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await OpenAsync(cancel);
        var rows = await new RoleClient(context.Client).DefinitionsAsync(
            _scope.Path(parsed, context.Settings), parsed.GetValue(_custom) ? "type eq 'CustomRole'" : null, cancel);
        return new JsonArray([.. rows.Select(RoleViews.Definition).OrderBy(row => row["roleName"]?.ToString(), StringComparer.OrdinalIgnoreCase)]);
    }
}
