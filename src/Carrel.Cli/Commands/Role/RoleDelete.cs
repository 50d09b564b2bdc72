using System.CommandLine;
using Carrel.Cli.Consoles;
using Carrel.Cli.Roles;

namespace Carrel.Cli.Commands.Role;

/// <summary><c>carrel role delete</c> (RoleDefinitions_Delete).</summary>
internal sealed class RoleDelete(CliHost host) : ServerVerb(host, "delete", "Delete a custom role that nobody holds.")
{
    private readonly Option<string> _name = new("--name", "-n") { Description = "Name or id of the custom role.", HelpName = "name|guid", Required = true };
    private readonly Confirmation _confirmation = new(host);
    private readonly RoleScopeOption _scope = new();

    /// <inheritdoc/>
    protected override void AddOptions(Command command)
    {
        command.Add(_name);
        _confirmation.AddTo(command);
        _scope.AddTo(command);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var name = parsed.GetValue(_name)!;
        _confirmation.Require(parsed, $"Delete the role {name}?");
        using var context = await OpenAsync(cancel);
        var scope = _scope.Path(parsed, context.Settings);
        var role = await new RoleClient(context.Client).FindAsync(scope, name, cancel);
        await context.Client.SendAsync(HttpMethod.Delete, CommandContext.Versioned(RoleClient.Definition(scope, role["name"]!.ToString())), null, cancel);
    }
}
