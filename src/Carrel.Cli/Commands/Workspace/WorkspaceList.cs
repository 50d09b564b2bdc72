using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Workspace;

/// <summary><c>carrel workspace list</c> (Workspaces_ListBySubscription, Workspaces_ListByResourceGroup).</summary>
internal sealed class WorkspaceList(CliHost host) : IVerb
{
    private readonly ScopeOptions _scope = new();
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("list", "List the workspaces of the subscription, or with -g of one resource group.");
        _scope.AddGroupTo(command);
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await CommandContext.OpenAsync(host, cancel);
        var path = _scope.GivenGroup(parsed) is null ? _scope.AllWorkspaces(parsed, context.Settings) : _scope.Workspaces(parsed, context.Settings);
        var rows = await context.Client.ListAsync(CommandContext.Versioned(path), cancel);
        _output.Write(host, parsed, new JsonArray([.. rows.Select(WorkspaceView.From)]), WorkspaceView.Columns);
        return ExitCode.Ok;
    }
}
