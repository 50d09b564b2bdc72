using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Consoles;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>carrel compute list</c> (Compute_List).</summary>
internal sealed class ComputeList(CliHost host) : ResultVerb(host, "list", "List the instances of a workspace.", ComputeView.Columns)
{
    private readonly Option<string?> _type = new("--type", "-t") { Description = "Only this type of compute.", HelpName = "type" };
    private readonly ScopeOptions _scope = new();

    /// <inheritdoc/>
    protected override void AddOwnOptions(Command command)
    {
        command.Add(_type);
        _scope.AddWorkspaceTo(command);
    }

    /// <inheritdoc/>
    protected override async Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await OpenAsync(cancel);
        var rows = await context.Client.ListAsync(CommandContext.Versioned($"{_scope.Workspace(parsed, context.Settings)}/computes"), cancel);
        var type = parsed.GetValue(_type) is { } given ? ComputeFile.TypeWord(given) : null;
        return new JsonArray([.. rows.Select(ComputeView.From).Where(view => type is null || view["type"]?.ToString() == type)]);
    }
}
