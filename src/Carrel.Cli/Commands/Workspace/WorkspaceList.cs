using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;

namespace Carrel.Cli.Commands.Workspace;

/// <summary><c>carrel workspace list</c> (Workspaces_ListBySubscription, Workspaces_ListByResourceGroup).</summary>
internal sealed class WorkspaceList(CliHost host)
    : ResultVerb(host, "list", "List the workspaces of the subscription, or with -g of one resource group.", WorkspaceView.Columns)
{
    private readonly ScopeOptions _scope = new();

    /// <inheritdoc/>
    protected override void AddOwnOptions(Command command) => _scope.AddGroupTo(command);

    /// <inheritdoc/>
    protected override async Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await OpenAsync(cancel);
        var path = _scope.GivenGroup(parsed) is null ? _scope.AllWorkspaces(parsed, context.Settings) : _scope.Workspaces(parsed, context.Settings);
        var rows = await context.Client.ListAsync(CommandContext.Versioned(path), cancel);
        return new JsonArray([.. rows.Select(WorkspaceView.From)]);
    }
}
