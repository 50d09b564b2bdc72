using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Completion;
using Carrel.Cli.Computes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Idle;
using Carrel.Cli.Output;

namespace Carrel.Cli.Commands.Idle;

/// <summary><c>carrel keep-awake NAME 2h</c> (Compute_KeepAwake): for that long the instance does not count as idle.</summary>
internal sealed class KeepAwake(CliHost host) : IVerb
{
    private static readonly IReadOnlyList<Column> Columns = [new("NAME", "name"), new("KEEP AWAKE UNTIL", "keep_awake_until")];

    private readonly Argument<string?> _name = new("name") { Description = "Name of the instance.", HelpName = "name", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string?> _length = new("duration") { Description = "How long, such as 30m, 2h or 1d12h, 7d at most; off ends it.", HelpName = "duration", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _process = new("--pid") { Description = "Only inside an instance: as long as that process lives.", HelpName = "id" };
    private readonly ScopeOptions _scope = new();
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("keep-awake", "Keep an instance from counting as idle for some time. Schedules and a stop by hand still stop it.") { _name, _length, _process };
        _name.CompletionSources.Add(new ComputeNames(host, _scope).Complete);
        _length.CompletionSources.Add("30m", "2h", "8h", "off");
        _scope.AddWorkspaceTo(command);
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(_process) is { } process)
            return ForProcess(process, alone: parsed.GetValue(_name) is null);
        if (parsed.GetValue(_name) is not { } name || parsed.GetValue(_length) is not { } length)
            throw CliException.Usage("Which instance, and how long? Such as: carrel keep-awake NAME 2h.");
        var minutes = ShortDuration.Minutes(length)
            ?? throw CliException.Usage($"'{length}' is no duration: write days, hours and minutes, such as 30m, 2h or 1d12h, 7d at most, or off.");
        using var context = await CommandContext.OpenAsync(host, cancel);
        var path = _scope.Compute(parsed, context.Settings, name);
        var answer = await context.Client.SendAsync(HttpMethod.Post, CommandContext.Versioned($"{path}/keepAwake"), new JsonObject { ["minutes"] = minutes }, cancel);
        var until = (answer.Body as JsonObject)?["keepAwakeUntil"];
        if ((answer.Body as JsonObject)?["scheduledStop"]?.ToString() is { } stop)
            host.Warn($"a schedule stops it at {stop} all the same: carrel compute preview {name} shows it, and once it is announced, carrel compute snooze or dismiss takes it off");
        _output.Write(host, parsed, new JsonObject { ["name"] = name, ["keep_awake_until"] = ComputeView.Copy(until) }, Columns);
        return ExitCode.Ok;
    }

    // It is the machine's own affair: its agent notes it, without server or sign-in.
    private int ForProcess(string process, bool alone)
    {
        if (!alone)
            throw CliException.Usage("--pid is about this instance and lasts as long as the process: leave name and duration out.");
        return (host.AgentProgram is { } agent ? host.RunProgram(agent, ["keep-awake", "--pid", process]) : null)
            ?? throw CliException.Usage("--pid names a process inside an instance: run 'carrel keep-awake --pid N' in one of its terminals.");
    }
}
