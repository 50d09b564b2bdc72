using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Notices;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>carrel compute dismiss | snooze</c>: takes an announced stop back, or puts it off (ScheduledEvents_Dismiss, _Snooze).</summary>
internal sealed class ComputeNoticeAction(CliHost host, string verb, string description) : IVerb
{
    private readonly InstanceName _name = new();
    private readonly Option<string?> _id = new("--id") { Description = "Which one, as 'notices' shows; the next to come when absent.", HelpName = "id" };
    private readonly Option<int> _minutes = new("--minutes") { Description = "By how much: 15, 30, 60 or 120.", HelpName = "15|30|60|120", DefaultValueFactory = _ => 30 };
    private readonly ScopeOptions _scope = new();
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command(verb, description);
        _name.AddTo(command, host, _scope);
        command.Add(_id);
        if (verb == "snooze")
            command.Add(_minutes);
        _scope.AddWorkspaceTo(command);
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var body = verb == "snooze" ? new JsonObject { ["minutes"] = Minutes(parsed) } : null;
        using var context = await CommandContext.OpenAsync(host, cancel);
        var name = _name.Of(parsed);
        var path = await OpenNotice.FindAsync(context.Client, _scope.Compute(parsed, context.Settings, name), name, parsed.GetValue(_id), cancel);
        await context.Client.SendAsync(HttpMethod.Post, CommandContext.Versioned($"{path}/{verb}"), body, cancel);
        _output.Write(host, parsed, NoticeView.From(await context.GetResourceAsync(path, cancel)), NoticeView.Columns);
        return ExitCode.Ok;
    }

    private int Minutes(ParseResult parsed) => parsed.GetValue(_minutes) is 15 or 30 or 60 or 120
        ? parsed.GetValue(_minutes)
        : throw CliException.Usage("--minutes must be 15, 30, 60 or 120.");
}
