using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Roles;

namespace Carrel.Cli.Commands.Role;

/// <summary><c>carrel role list</c> (RoleDefinitions_List).</summary>
internal sealed class RoleList(CliHost host) : IVerb
{
    private readonly Option<bool> _custom = new("--custom-role-only") { Description = "Leave the built-in roles out." };
    private readonly RoleScopeOption _scope = new();
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("list", "List the roles that can be given at a scope.") { _custom };
        _scope.AddTo(command);
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await CommandContext.OpenAsync(host, cancel);
        var rows = await new RoleClient(context.Client).DefinitionsAsync(
            _scope.Path(parsed, context.Settings), parsed.GetValue(_custom) ? "type eq 'CustomRole'" : null, cancel);
        var shown = rows.Select(RoleViews.Definition).OrderBy(row => row["roleName"]?.ToString(), StringComparer.OrdinalIgnoreCase);
        _output.Write(host, parsed, new JsonArray([.. shown]), RoleViews.DefinitionColumns);
        return ExitCode.Ok;
    }
}
