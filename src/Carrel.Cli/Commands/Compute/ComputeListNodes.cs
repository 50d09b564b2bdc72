using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Output;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>carrel compute list-nodes</c> (Compute_ListNodes: a POST whose rows are called <c>nodes</c>).</summary>
internal sealed class ComputeListNodes(CliHost host) : ResultVerb(host, "list-nodes", "List the node of an instance with its state and addresses.", Columns)
{
    private static readonly IReadOnlyList<Column> Columns =
    [
        new("NODE", "node_id"), new("STATE", "node_state"), new("PRIVATE IP", "private_ip_address"), new("PUBLIC IP", "public_ip_address"), new("PORT", "port"), new("RUN", "run_id"),
    ];

    private readonly InstanceOptions _instance = new(host);

    /// <inheritdoc/>
    protected override void AddOwnOptions(Command command) => _instance.AddTo(command);

    /// <inheritdoc/>
    protected override async Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await OpenAsync(cancel);
        var rows = new JsonArray();
        string? next = CommandContext.Versioned(_instance.Path(parsed, context.Settings) + "/listNodes");
        while (next is not null)
        {
            var page = (await context.Client.SendAsync(HttpMethod.Post, next, null, cancel)).Body as JsonObject;
            foreach (var node in page?["nodes"] as JsonArray ?? [])
                rows.Add((JsonNode?)ComputeView.Snake(node, "nodeId", "privateIpAddress", "publicIpAddress", "port", "nodeState", "runId"));
            next = page?["nextLink"]?.ToString() is { Length: > 0 } link ? link : null;
        }
        return rows;
    }
}
