using System.CommandLine;
using Carrel.Cli.Computes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>carrel compute start | stop | restart</c> (Compute_Start, Compute_Stop, Compute_Restart): the three differ in their word alone.</summary>
internal sealed class ComputeAction(CliHost host, string verb, string description) : IVerb
{
    private readonly Option<string> _name = new("--name", "-n") { Description = "Name of the instance.", HelpName = "name", Required = true };
    private readonly Option<bool> _noWait = new("--no-wait") { Description = "Return as soon as the server has accepted." };
    private readonly ScopeOptions _scope = new();
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command(verb, description) { _name };
        _scope.AddWorkspaceTo(command);
        _output.AddTo(command);
        command.Add(_noWait);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var name = parsed.GetValue(_name)!;
        using var context = await CommandContext.OpenAsync(host, cancel);
        var path = $"{_scope.Workspace(parsed, context.Settings)}/computes/{ScopeOptions.Segment(name)}";
        var accepted = await context.Client.SendAsync(HttpMethod.Post, CommandContext.Versioned($"{path}/{verb}"), null, cancel);
        if (parsed.GetValue(_noWait))
            return ExitCode.Ok;
        await context.WaitAsync(accepted, null, $"{char.ToUpperInvariant(verb[0])}{verb[1..]} of {name}", cancel);
        var resource = await context.GetResourceAsync(path, cancel);
        _output.Write(host, parsed, ComputeView.From(resource), ComputeView.Columns);
        return verb != "stop" && SetupReport.Failure(resource) is { } failure ? throw new CliException(ExitCode.Refused, failure) : ExitCode.Ok;
    }
}
