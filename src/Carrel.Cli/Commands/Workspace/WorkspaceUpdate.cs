using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Workspace;

/// <summary><c>carrel workspace update</c> (Workspaces_Update): what is not given stays.</summary>
internal sealed class WorkspaceUpdate(CliHost host) : IVerb
{
    private readonly Option<string?> _name = new("--name", "-n", "-w", "--workspace-name") { Description = "Name of the workspace.", HelpName = "name" };
    private readonly Option<string?> _displayName = new("--display-name") { Description = "Name to show.", HelpName = "text" };
    private readonly Option<string?> _description = new("--description") { Description = "Description.", HelpName = "text" };
    private readonly TagsOption _tags = new();
    private readonly ScopeOptions _scope = new();
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("update", "Change display name, description or tags of a workspace.") { _name, _displayName, _description };
        _tags.AddTo(command);
        _scope.AddGroupTo(command);
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var properties = new JsonObject();
        if (parsed.GetValue(_displayName) is { } displayName)
            properties["friendlyName"] = displayName;
        if (parsed.GetValue(_description) is { } description)
            properties["description"] = description;
        var body = new JsonObject();
        if (_tags.Read(parsed) is { } tags)
            body["tags"] = TagsOption.Json(tags);
        if (properties.Count > 0)
            body["properties"] = properties;
        if (body.Count == 0)
            throw CliException.Usage("Nothing to change: give --display-name, --description or --tags.");
        using var context = await CommandContext.OpenAsync(host, cancel);
        var path = $"{_scope.Workspaces(parsed, context.Settings)}/{ScopeOptions.Segment(context.Settings.Workspace(parsed.GetValue(_name)))}";
        var answer = await context.Client.SendAsync(HttpMethod.Patch, CommandContext.Versioned(path), body, cancel);
        _output.Write(host, parsed, WorkspaceView.From(answer.Body as JsonObject ?? []), WorkspaceView.Columns);
        return ExitCode.Ok;
    }
}
