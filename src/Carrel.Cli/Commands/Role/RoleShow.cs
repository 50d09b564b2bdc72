using System.CommandLine;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Roles;

namespace Carrel.Cli.Commands.Role;

/// <summary><c>carrel role show</c> (RoleDefinitions_Get).</summary>
internal sealed class RoleShow(CliHost host) : IVerb
{
    private readonly Option<string> _name = new("--name", "-n") { Description = "Name or id of the role.", HelpName = "name|guid", Required = true };
    private readonly RoleScopeOption _scope = new();
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("show", "Show a role with what it allows.") { _name };
        _scope.AddTo(command);
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await CommandContext.OpenAsync(host, cancel);
        var role = await new RoleClient(context.Client).FindAsync(_scope.Path(parsed, context.Settings), parsed.GetValue(_name)!, cancel);
        _output.Write(host, parsed, RoleViews.Definition(role), RoleViews.DefinitionColumns);
        return ExitCode.Ok;
    }
}
