using System.CommandLine;
using Carrel.Cli.Computes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>carrel compute show</c> (Compute_Get).</summary>
internal sealed class ComputeShow(CliHost host) : IVerb
{
    private readonly InstanceName _name = new();
    private readonly ScopeOptions _scope = new();
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("show", "Show an instance.");
        _name.AddTo(command, host, _scope);
        _scope.AddWorkspaceTo(command);
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await CommandContext.OpenAsync(host, cancel);
        var path = _scope.Compute(parsed, context.Settings, _name.Of(parsed));
        _output.Write(host, parsed, ComputeView.From(await context.GetResourceAsync(path, cancel)), ComputeView.Columns);
        return ExitCode.Ok;
    }
}
