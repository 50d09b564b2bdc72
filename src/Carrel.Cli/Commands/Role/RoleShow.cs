using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Roles;

namespace Carrel.Cli.Commands.Role;

/// <summary><c>carrel role show</c> (RoleDefinitions_Get).</summary>
internal sealed class RoleShow(CliHost host) : ResultVerb(host, "show", "Show a role with what it allows.", RoleViews.DefinitionColumns)
{
    private readonly Option<string> _name = new("--name", "-n") { Description = "Name or id of the role.", HelpName = "name|guid", Required = true };
    private readonly RoleScopeOption _scope = new();

    /// <inheritdoc/>
    protected override void AddOwnOptions(Command command)
    {
        command.Add(_name);
        _scope.AddTo(command);
    }

    /// <inheritdoc/>
    protected override async Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await OpenAsync(cancel);
        var role = await new RoleClient(context.Client).FindAsync(_scope.Path(parsed, context.Settings), parsed.GetValue(_name)!, cancel);
        return RoleViews.Definition(role);
    }
}
