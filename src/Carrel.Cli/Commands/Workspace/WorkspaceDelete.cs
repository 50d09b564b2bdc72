using System.CommandLine;
using Carrel.Cli.Consoles;

namespace Carrel.Cli.Commands.Workspace;

/// <summary><c>carrel workspace delete</c> (Workspaces_Delete).</summary>
internal sealed class WorkspaceDelete(CliHost host) : ServerVerb(host, "delete", "Delete a workspace.")
{
    private readonly WorkspaceNameOption _name = new(required: true);
    private readonly ScopeOptions _scope = new();
    private readonly Confirmation _confirmation = new(host);
    private readonly NoWaitOption _noWait = new();

    /// <inheritdoc/>
    protected override void AddOptions(Command command)
    {
        command.Add(_name);
        _confirmation.AddTo(command);
        _scope.AddGroupTo(command);
        command.Add(_noWait);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var name = parsed.GetValue(_name)!;
        _confirmation.Require(parsed, $"Delete the workspace {name} with everything in it?");
        using var context = await OpenAsync(cancel);
        var path = _scope.WorkspaceNamed(parsed, context.Settings, name);
        await context.DeleteAsync(CommandContext.Versioned(path), name, "workspace", wait: !parsed.GetValue(_noWait), cancel);
    }
}
