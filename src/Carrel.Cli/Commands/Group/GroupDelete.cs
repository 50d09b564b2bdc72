using System.CommandLine;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Group;

/// <summary><c>carrel group delete</c> (ResourceGroups_Delete). The name has to be given: no default decides what is lost.</summary>
internal sealed class GroupDelete(CliHost host) : IVerb
{
    private readonly Option<string> _name = new("--name", "-n", "-g", "--resource-group") { Description = "Name of the resource group.", HelpName = "name", Required = true };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask." };
    private readonly Option<bool> _noWait = new("--no-wait") { Description = "Return as soon as the server has accepted." };
    private readonly ScopeOptions _scope = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("delete", "Delete a resource group with its workspaces, instances and files.") { _name, _yes };
        _scope.AddSubscriptionTo(command);
        command.Add(_noWait);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var name = parsed.GetValue(_name)!;
        Confirmation.Require(host, parsed.GetValue(_yes), $"Delete the resource group {name} with every workspace, instance and file in it?");
        using var context = await CommandContext.OpenAsync(host, cancel);
        var path = $"{_scope.Groups(parsed, context.Settings)}/{ScopeOptions.Segment(name)}";
        var accepted = await context.Client.SendAsync(HttpMethod.Delete, CommandContext.Versioned(path), null, cancel);
        if (!parsed.GetValue(_noWait))
            await context.WaitAsync(accepted, null, $"Deleting {name}", cancel);
        return ExitCode.Ok;
    }
}
