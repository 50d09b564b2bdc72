using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Workspace;

/// <summary><c>carrel workspace create</c> (Workspaces_CreateOrUpdate).</summary>
internal sealed class WorkspaceCreate(CliHost host) : IVerb
{
    private readonly Option<string> _name = new("--name", "-n", "-w", "--workspace-name") { Description = "Name of the workspace.", HelpName = "name", Required = true };
    private readonly Option<string?> _displayName = new("--display-name") { Description = "Name to show.", HelpName = "text" };
    private readonly Option<string?> _description = new("--description") { Description = "Description.", HelpName = "text" };
    private readonly Option<string?> _location = new("--location", "-l") { Description = "Location; CARREL_LOCATION or 'local' when absent.", HelpName = "label" };
    private readonly Option<bool> _noWait = new("--no-wait") { Description = "Return as soon as the server has accepted." };
    private readonly TagsOption _tags = new();
    private readonly ScopeOptions _scope = new();
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("create", "Create a workspace.") { _name, _displayName, _description, _location };
        _tags.AddTo(command);
        _scope.AddGroupTo(command);
        _output.AddTo(command);
        command.Add(_noWait);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var name = parsed.GetValue(_name)!;
        using var context = await CommandContext.OpenAsync(host, cancel);
        var path = $"{_scope.Workspaces(parsed, context.Settings)}/{ScopeOptions.Segment(name)}";
        var body = new JsonObject
        {
            ["location"] = context.Settings.Optional(parsed.GetValue(_location), "CARREL_LOCATION", "location") ?? "local",
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
        _output.Write(host, parsed, WorkspaceView.From(resource), WorkspaceView.Columns);
        return ExitCode.Ok;
    }
}
