using System.CommandLine;
using System.Globalization;
using Carrel.Cli.Computes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>carrel compute start | stop | restart | reimage</c> (Compute_Start, ...): they differ in their words alone.</summary>
internal sealed class ComputeAction(CliHost host, string verb, string description, string? question = null) : ServerVerb(host, verb, description)
{
    private readonly InstanceOptions _instance = new(host);
    private readonly Confirmation _confirmation = new(host);
    private readonly NoWaitOption _noWait = new();
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    protected override void AddOptions(Command command)
    {
        _instance.AddTo(command);
        _output.AddTo(command);
        command.Add(_noWait);
        if (question is not null)
            _confirmation.AddTo(command);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var name = _instance.Name(parsed);
        if (question is not null)
            _confirmation.Require(parsed, string.Format(CultureInfo.InvariantCulture, question, name));
        using var context = await OpenAsync(cancel);
        var path = _instance.Path(parsed, context.Settings);
        var accepted = await context.Client.SendAsync(HttpMethod.Post, CommandContext.Versioned($"{path}/{Name}"), null, cancel);
        if (parsed.GetValue(_noWait))
            return;
        await context.WaitAsync(accepted, null, $"{char.ToUpperInvariant(Name[0])}{Name[1..]} of {name}", cancel);
        var resource = await context.GetResourceAsync(path, cancel);
        _output.Write(Host, parsed, ComputeView.From(resource), ComputeView.Columns);
        if (Name != "stop" && SetupReport.Failure(resource) is { } failure)
            throw new CliException(ExitCode.Refused, failure);
    }
}
