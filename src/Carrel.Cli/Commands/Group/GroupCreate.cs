using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;

namespace Carrel.Cli.Commands.Group;

/// <summary><c>carrel group create</c> (ResourceGroups_CreateOrUpdate).</summary>
internal sealed class GroupCreate(CliHost host) : ResultVerb(host, "create", "Create a resource group.", GroupView.Columns)
{
    private readonly GroupNameOption _name = new();
    private readonly NewLocationOption _location = new();
    private readonly TagsOption _tags = new();
    private readonly ScopeOptions _scope = new();

    /// <inheritdoc/>
    protected override void AddOwnOptions(Command command)
    {
        command.Add(_name);
        command.Add(_location);
        _tags.AddTo(command);
        _scope.AddSubscriptionTo(command);
    }

    /// <inheritdoc/>
    protected override async Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await OpenAsync(cancel);
        var body = new JsonObject
        {
            ["location"] = _location.Of(parsed, context.Settings),
            ["tags"] = TagsOption.Json(_tags.Read(parsed)),
        };
        var path = _scope.GroupNamed(parsed, context.Settings, parsed.GetValue(_name)!);
        var created = await context.Client.SendAsync(HttpMethod.Put, CommandContext.Versioned(path), body, cancel);
        return GroupView.From(created.Body as JsonObject ?? []);
    }
}
