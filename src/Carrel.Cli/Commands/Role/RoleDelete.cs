using System.CommandLine;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Roles;

namespace Carrel.Cli.Commands.Role;

/// <summary><c>carrel role delete</c> (RoleDefinitions_Delete).</summary>
internal sealed class RoleDelete(CliHost host) : IVerb
{
    private readonly Option<string> _name = new("--name", "-n") { Description = "Name or id of the custom role.", HelpName = "name|guid", Required = true };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask." };
    private readonly RoleScopeOption _scope = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("delete", "Delete a custom role that nobody holds.") { _name, _yes };
        _scope.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var name = parsed.GetValue(_name)!;
        Confirmation.Require(host, parsed.GetValue(_yes), $"Delete the role {name}?");
        using var context = await CommandContext.OpenAsync(host, cancel);
        var scope = _scope.Path(parsed, context.Settings);
        var role = await new RoleClient(context.Client).FindAsync(scope, name, cancel);
        await context.Client.SendAsync(HttpMethod.Delete, CommandContext.Versioned(RoleClient.Definition(scope, role["name"]!.ToString())), null, cancel);
        return ExitCode.Ok;
    }
}
