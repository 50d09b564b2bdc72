using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Group;

/// <summary><c>carrel group create</c> (ResourceGroups_CreateOrUpdate).</summary>
internal sealed class GroupCreate(CliHost host) : IVerb
{
    private readonly Option<string> _name = new("--name", "-n", "-g", "--resource-group") { Description = "Name of the resource group.", HelpName = "name", Required = true };
    private readonly Option<string?> _location = new("--location", "-l") { Description = "Location; CARREL_LOCATION or 'local' when absent.", HelpName = "label" };
    private readonly TagsOption _tags = new();
    private readonly ScopeOptions _scope = new();
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("create", "Create a resource group.") { _name, _location };
        _tags.AddTo(command);
        _scope.AddSubscriptionTo(command);
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await CommandContext.OpenAsync(host, cancel);
        var body = new JsonObject
        {
            ["location"] = context.Settings.Optional(parsed.GetValue(_location), "CARREL_LOCATION", "location") ?? "local",
            ["tags"] = TagsOption.Json(_tags.Read(parsed)),
        };
        var path = $"{_scope.Groups(parsed, context.Settings)}/{ScopeOptions.Segment(parsed.GetValue(_name)!)}";
        var created = await context.Client.SendAsync(HttpMethod.Put, CommandContext.Versioned(path), body, cancel);
        _output.Write(host, parsed, GroupView.From(created.Body as JsonObject ?? []), GroupView.Columns);
        return ExitCode.Ok;
    }
}
