using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;

namespace Carrel.Cli.Commands.Workspace;

/// <summary><c>carrel workspace create</c> (Workspaces_CreateOrUpdate).</summary>
internal sealed class WorkspaceCreate(CliHost host) : ServerVerb(host, "create", "Create a workspace.")
{
    private readonly WorkspaceNameOption _name = new(required: true);
    private readonly Option<string?> _displayName = new("--display-name") { Description = "Name to show.", HelpName = "text" };
    private readonly Option<string?> _description = new("--description") { Description = "Description.", HelpName = "text" };
    private readonly NewLocationOption _location = new();
    private readonly TagsOption _tags = new();
    private readonly ScopeOptions _scope = new();
    private readonly OutputOption _output = new();
    private readonly NoWaitOption _noWait = new();

    /// <inheritdoc/>
    protected override void AddOptions(Command command)
    {
        command.Add(_name);
        command.Add(_displayName);
        command.Add(_description);
        command.Add(_location);
        _tags.AddTo(command);
        _scope.AddGroupTo(command);
        _output.AddTo(command);
        command.Add(_noWait);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var name = parsed.GetValue(_name)!;
        using var context = await OpenAsync(cancel);
        var path = _scope.WorkspaceNamed(parsed, context.Settings, name);
        var body = new JsonObject
        {
            ["location"] = _location.Of(parsed, context.Settings),
            ["identity"] = new JsonObject { ["type"] = "SystemAssigned" },
            ["tags"] = TagsOption.Json(_tags.Read(parsed)),
            ["properties"] = new JsonObject { ["friendlyName"] = parsed.GetValue(_displayName) ?? name, ["description"] = parsed.GetValue(_description) ?? string.Empty },
        };
        var accepted = await context.Client.SendAsync(HttpMethod.Put, CommandContext.Versioned(path), body, cancel);
        var resource = accepted.Body as JsonObject ?? [];
        if (!parsed.GetValue(_noWait))
        {
            await context.WaitAsync(accepted, path, $"Creating {name}", cancel);
            resource = await context.GetResourceAsync(path, cancel);
        }
        _output.Write(Host, parsed, WorkspaceView.From(resource), WorkspaceView.Columns);
    }
}
