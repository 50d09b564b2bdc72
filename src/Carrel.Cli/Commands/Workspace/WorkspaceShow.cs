using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;

namespace Carrel.Cli.Commands.Workspace;

/// <summary><c>carrel workspace show</c> (Workspaces_Get); the default workspace when none is named.</summary>
internal sealed class WorkspaceShow(CliHost host) : ResultVerb(host, "show", "Show a workspace.", WorkspaceView.Columns)
{
    private readonly WorkspaceNameOption _name = new(required: false);
    private readonly ScopeOptions _scope = new();

    /// <inheritdoc/>
    protected override void AddOwnOptions(Command command)
    {
        command.Add(_name);
        _scope.AddGroupTo(command);
    }

    /// <inheritdoc/>
    protected override async Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await OpenAsync(cancel);
        var path = _scope.WorkspaceOrDefault(parsed, context.Settings, parsed.GetValue(_name));
        return WorkspaceView.From(await context.GetResourceAsync(path, cancel));
    }
}
