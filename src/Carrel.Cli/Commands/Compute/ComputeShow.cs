using System.CommandLine;
using Carrel.Cli.Computes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>carrel compute show</c> (Compute_Get).</summary>
internal sealed class ComputeShow(CliHost host) : IVerb
{
    private readonly Option<string> _name = new("--name", "-n") { Description = "Name of the instance.", HelpName = "name", Required = true };
    private readonly ScopeOptions _scope = new();
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("show", "Show an instance.") { _name };
        _scope.AddWorkspaceTo(command);
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await CommandContext.OpenAsync(host, cancel);
        var path = $"{_scope.Workspace(parsed, context.Settings)}/computes/{ScopeOptions.Segment(parsed.GetValue(_name)!)}";
        _output.Write(host, parsed, ComputeView.From(await context.GetResourceAsync(path, cancel)), ComputeView.Columns);
        return ExitCode.Ok;
    }
}
