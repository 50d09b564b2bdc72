using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Workspace;

/// <summary><c>carrel workspace update</c> (Workspaces_Update): what is not given stays.</summary>
internal sealed class WorkspaceUpdate(CliHost host)
    : ResultVerb(host, "update", "Change display name, description or tags of a workspace.", WorkspaceView.Columns)
{
    private readonly WorkspaceNameOption _name = new(required: false);
    private readonly Option<string?> _displayName = new("--display-name") { Description = "Name to show.", HelpName = "text" };
    private readonly Option<string?> _description = new("--description") { Description = "Description.", HelpName = "text" };
    private readonly TagsOption _tags = new();
    private readonly ScopeOptions _scope = new();

    /// <inheritdoc/>
    protected override void AddOwnOptions(Command command)
    {
        command.Add(_name);
        command.Add(_displayName);
        command.Add(_description);
        _tags.AddTo(command);
        _scope.AddGroupTo(command);
    }

    /// <inheritdoc/>
    protected override async Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel)
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
        using var context = await OpenAsync(cancel);
        var path = _scope.WorkspaceOrDefault(parsed, context.Settings, parsed.GetValue(_name));
        var answer = await context.Client.SendAsync(HttpMethod.Patch, CommandContext.Versioned(path), body, cancel);
        return WorkspaceView.From(answer.Body as JsonObject ?? []);
    }
}
