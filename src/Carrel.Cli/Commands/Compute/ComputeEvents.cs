using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Events;

namespace Carrel.Cli.Commands.Compute;

/// <summary>
/// <c>carrel compute events</c>: who did what to an instance, when, and how it ended (ActivityLogs_List). The log outlives the instance, so nothing else is asked of the server.
/// </summary>
internal sealed class ComputeEvents(CliHost host) : IVerb
{
    private readonly Option<string?> _start = new("--start-time") { Description = "Earliest: a date, or date and time; UTC without an offset.", HelpName = "time" };
    private readonly Option<string?> _end = new("--end-time") { Description = "Latest; now when absent.", HelpName = "time" };
    private readonly Option<string?> _offset = new("--offset") { Description = "Length of the range, such as 6h or 1d12h; 90d when no start is given.", HelpName = "##d##h" };
    private readonly Option<int> _most = new("--max-events") { Description = "How many at most, the newest first.", HelpName = "count", DefaultValueFactory = _ => 50 };
    private readonly InstanceName _name = new();
    private readonly ScopeOptions _scope = new();
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("events", "Show what happened to an instance, who caused it and how it ended; also after it was deleted.");
        _name.AddTo(command, host, _scope);
        foreach (var option in new Option[] { _start, _end, _offset, _most })
            command.Add(option);
        _scope.AddWorkspaceTo(command);
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var range = TimeRange.Read(parsed.GetValue(_start), parsed.GetValue(_end), parsed.GetValue(_offset), host.Time.GetUtcNow());
        var most = parsed.GetValue(_most) is > 0 and var given ? given : throw CliException.Usage("--max-events must be 1 or more.");
        using var context = await CommandContext.OpenAsync(host, cancel);
        var resource = Uri.UnescapeDataString(_scope.Compute(parsed, context.Settings, _name.Of(parsed)));
        var path = EventLog.Path(_scope.Subscription(parsed, context.Settings), resource, range);
        var rows = await context.Client.ListAsync(path, cancel, most + 1);
        _output.Write(host, parsed, new JsonArray([.. rows.Take(most).Select(EventView.From)]), EventView.Columns);
        if (rows.Count > most)
            host.Error.WriteLine($"These are the newest {most}; there are more: give --max-events, or an --end-time.");
        return ExitCode.Ok;
    }
}
