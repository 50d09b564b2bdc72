using System.CommandLine;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Workspace;

/// <summary><c>carrel workspace show</c> (Workspaces_Get); the default workspace when none is named.</summary>
internal sealed class WorkspaceShow(CliHost host) : IVerb
{
    private readonly Option<string?> _name = new("--name", "-n", "-w", "--workspace-name") { Description = "Name of the workspace.", HelpName = "name" };
    private readonly ScopeOptions _scope = new();
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("show", "Show a workspace.") { _name };
        _scope.AddGroupTo(command);
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await CommandContext.OpenAsync(host, cancel);
        var path = $"{_scope.Workspaces(parsed, context.Settings)}/{ScopeOptions.Segment(context.Settings.Workspace(parsed.GetValue(_name)))}";
        _output.Write(host, parsed, WorkspaceView.From(await context.GetResourceAsync(path, cancel)), WorkspaceView.Columns);
        return ExitCode.Ok;
    }
}
