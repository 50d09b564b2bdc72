using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Output;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>carrel compute list-nodes</c> (Compute_ListNodes: a POST whose rows are called <c>nodes</c>).</summary>
internal sealed class ComputeListNodes(CliHost host) : IVerb
{
    private static readonly IReadOnlyList<Column> Columns =
    [
        new("NODE", "node_id"), new("STATE", "node_state"), new("PRIVATE IP", "private_ip_address"), new("PUBLIC IP", "public_ip_address"), new("PORT", "port"), new("RUN", "run_id"),
    ];

    private readonly InstanceName _name = new();
    private readonly ScopeOptions _scope = new();
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("list-nodes", "List the node of an instance with its state and addresses.");
        _name.AddTo(command, host, _scope);
        _scope.AddWorkspaceTo(command);
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await CommandContext.OpenAsync(host, cancel);
        var rows = new JsonArray();
        string? next = CommandContext.Versioned(_scope.Compute(parsed, context.Settings, _name.Of(parsed)) + "/listNodes");
        while (next is not null)
        {
            var page = (await context.Client.SendAsync(HttpMethod.Post, next, null, cancel)).Body as JsonObject;
            foreach (var node in page?["nodes"] as JsonArray ?? [])
                rows.Add((JsonNode?)ComputeView.Snake(node, "nodeId", "privateIpAddress", "publicIpAddress", "port", "nodeState", "runId"));
            next = page?["nextLink"]?.ToString() is { Length: > 0 } link ? link : null;
        }
        _output.Write(host, parsed, rows, Columns);
        return ExitCode.Ok;
    }
}
