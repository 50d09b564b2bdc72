using System.CommandLine;
using System.Globalization;
using Carrel.Cli.Computes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>carrel compute start | stop | restart | reimage</c> (Compute_Start, ...): they differ in their words alone.</summary>
internal sealed class ComputeAction(CliHost host, string verb, string description, string? question = null) : IVerb
{
    private readonly InstanceName _name = new();
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask." };
    private readonly Option<bool> _noWait = new("--no-wait") { Description = "Return as soon as the server has accepted." };
    private readonly ScopeOptions _scope = new();
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command(verb, description);
        _name.AddTo(command, host, _scope);
        _scope.AddWorkspaceTo(command);
        _output.AddTo(command);
        command.Add(_noWait);
        if (question is not null)
            command.Add(_yes);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var name = _name.Of(parsed);
        if (question is not null)
            Confirmation.Require(host, parsed.GetValue(_yes), string.Format(CultureInfo.InvariantCulture, question, name));
        using var context = await CommandContext.OpenAsync(host, cancel);
        var path = _scope.Compute(parsed, context.Settings, name);
        var accepted = await context.Client.SendAsync(HttpMethod.Post, CommandContext.Versioned($"{path}/{verb}"), null, cancel);
        if (parsed.GetValue(_noWait))
            return ExitCode.Ok;
        await context.WaitAsync(accepted, null, $"{char.ToUpperInvariant(verb[0])}{verb[1..]} of {name}", cancel);
        var resource = await context.GetResourceAsync(path, cancel);
        _output.Write(host, parsed, ComputeView.From(resource), ComputeView.Columns);
        return verb != "stop" && SetupReport.Failure(resource) is { } failure ? throw new CliException(ExitCode.Refused, failure) : ExitCode.Ok;
    }
}
