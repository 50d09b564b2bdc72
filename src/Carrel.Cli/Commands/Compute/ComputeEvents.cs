using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Events;

namespace Carrel.Cli.Commands.Compute;

/// <summary>
/// <c>carrel compute events</c>: who did what to an instance, when, and how it ended (ActivityLogs_List). The log outlives the instance, so nothing else is asked of the server.
/// </summary>
internal sealed class ComputeEvents(CliHost host)
    : ServerVerb(host, "events", "Show what happened to an instance, who caused it and how it ended; also after it was deleted.")
{
    private readonly Option<string?> _start = new("--start-time") { Description = "Earliest: a date, or date and time; UTC without an offset.", HelpName = "time" };
    private readonly Option<string?> _end = new("--end-time") { Description = "Latest; now when absent.", HelpName = "time" };
    private readonly Option<string?> _offset = new("--offset") { Description = "Length of the range, such as 6h or 1d12h; 90d when no start is given.", HelpName = "##d##h" };
    private readonly Option<int> _most = new("--max-events") { Description = "How many at most, the newest first.", HelpName = "count", DefaultValueFactory = _ => 50 };
    private readonly InstanceOptions _instance = new(host);
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    protected override void AddOptions(Command command)
    {
        _instance.AddTo(command, _start, _end, _offset, _most);
        _output.AddTo(command);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var range = TimeRange.Read(parsed.GetValue(_start), parsed.GetValue(_end), parsed.GetValue(_offset), Host.Time.GetUtcNow());
        var most = parsed.GetValue(_most) is > 0 and var given ? given : throw CliException.Usage("--max-events must be 1 or more.");
        using var context = await OpenAsync(cancel);
        var resource = Uri.UnescapeDataString(_instance.Path(parsed, context.Settings));
        var path = EventLog.Path(_instance.Scope.Subscription(parsed, context.Settings), resource, range);
        var rows = await context.Client.ListAsync(path, cancel, most + 1);
        _output.Write(Host, parsed, new JsonArray([.. rows.Take(most).Select(EventView.From)]), EventView.Columns);
        if (rows.Count > most)
            Host.Error.WriteLine($"These are the newest {most}; there are more: give --max-events, or an --end-time.");
    }
}
