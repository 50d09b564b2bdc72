using System.CommandLine;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Workspace;

/// <summary><c>carrel workspace delete</c> (Workspaces_Delete). The name has to be given: no default decides what is lost.</summary>
internal sealed class WorkspaceDelete(CliHost host) : IVerb
{
    private readonly Option<string> _name = new("--name", "-n", "-w", "--workspace-name") { Description = "Name of the workspace.", HelpName = "name", Required = true };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask." };
    private readonly Option<bool> _noWait = new("--no-wait") { Description = "Return as soon as the server has accepted." };
    private readonly ScopeOptions _scope = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("delete", "Delete a workspace.") { _name, _yes };
        _scope.AddGroupTo(command);
        command.Add(_noWait);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var name = parsed.GetValue(_name)!;
        Confirmation.Require(host, parsed.GetValue(_yes), $"Delete the workspace {name} with everything in it?");
        using var context = await CommandContext.OpenAsync(host, cancel);
        var path = $"{_scope.Workspaces(parsed, context.Settings)}/{ScopeOptions.Segment(name)}";
        var accepted = await context.Client.SendAsync(HttpMethod.Delete, CommandContext.Versioned(path), null, cancel);
        if (accepted.Status == 204)
            host.Error.WriteLine($"There is no workspace {name}; nothing was deleted.");
        else if (!parsed.GetValue(_noWait))
            await context.WaitAsync(accepted, null, $"Deleting {name}", cancel);
        return ExitCode.Ok;
    }
}
