using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Consoles;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>carrel compute show</c> (Compute_Get).</summary>
internal sealed class ComputeShow(CliHost host) : ResultVerb(host, "show", "Show an instance.", ComputeView.Columns)
{
    private readonly InstanceOptions _instance = new(host);

    /// <inheritdoc/>
    protected override void AddOwnOptions(Command command) => _instance.AddTo(command);

    /// <inheritdoc/>
    protected override async Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await OpenAsync(cancel);
        return ComputeView.From(await context.GetResourceAsync(_instance.Path(parsed, context.Settings), cancel));
    }
}
