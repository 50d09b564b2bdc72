using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Notices;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>carrel compute notices</c>: stops that are announced, and what became of the last ones (ScheduledEvents_List).</summary>
internal sealed class ComputeNotices(CliHost host)
    : ResultVerb(host, "notices", "Show the stops of an instance that are announced, and what became of the last ones.", NoticeView.Columns)
{
    private readonly InstanceOptions _instance = new(host);

    /// <inheritdoc/>
    protected override void AddOwnOptions(Command command) => _instance.AddTo(command);

    /// <inheritdoc/>
    protected override async Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await OpenAsync(cancel);
        var path = $"{_instance.Path(parsed, context.Settings)}/scheduledEvents";
        var rows = await context.Client.ListAsync(CommandContext.Versioned(path), cancel);
        return new JsonArray([.. rows.Select(NoticeView.From)]);
    }
}
