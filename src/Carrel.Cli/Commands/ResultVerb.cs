using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Output;

namespace Carrel.Cli.Commands;

/// <summary>
/// A verb that ends with a result, an object or a list, which <c>-o</c> gives its form. A verb that writes more than that, or whose <c>-o</c> does not come last,
/// is a <see cref="ServerVerb"/> with an <see cref="OutputOption"/> of its own.
/// </summary>
/// <param name="host">The outside.</param>
/// <param name="name">The word on the command line.</param>
/// <param name="description">What help says of it.</param>
/// <param name="columns">The columns of <c>-o table</c>.</param>
internal abstract class ResultVerb(CliHost host, string name, string description, IReadOnlyList<Column> columns) : ServerVerb(host, name, description)
{
    private readonly OutputOption _output = new();

    /// <summary>Adds the options that stand before <c>-o</c>; none when it is not overridden.</summary>
    protected virtual void AddOwnOptions(Command command)
    {
    }

    /// <summary>Does it, and gives the result.</summary>
    protected abstract Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel);

    /// <inheritdoc/>
    protected sealed override void AddOptions(Command command)
    {
        AddOwnOptions(command);
        _output.AddTo(command);
    }

    /// <inheritdoc/>
    protected sealed override async Task RunAsync(ParseResult parsed, CancellationToken cancel) =>
        _output.Write(Host, parsed, await ResultAsync(parsed, cancel), columns);
}
