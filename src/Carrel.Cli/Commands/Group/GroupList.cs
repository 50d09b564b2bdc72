using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;

namespace Carrel.Cli.Commands.Group;

/// <summary><c>carrel group list</c> (ResourceGroups_List).</summary>
internal sealed class GroupList(CliHost host)
    : ResultVerb(host, "list", "List the resource groups of the subscription.", GroupView.Columns)
{
    private readonly ScopeOptions _scope = new();

    /// <inheritdoc/>
    protected override void AddOwnOptions(Command command) => _scope.AddSubscriptionTo(command);

    /// <inheritdoc/>
    protected override async Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await OpenAsync(cancel);
        var rows = await context.Client.ListAsync(CommandContext.Versioned(_scope.Groups(parsed, context.Settings)), cancel);
        return new JsonArray([.. rows.Select(GroupView.From)]);
    }
}
