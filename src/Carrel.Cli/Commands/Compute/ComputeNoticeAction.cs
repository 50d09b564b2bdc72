using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Notices;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>carrel compute dismiss | snooze</c>: takes an announced stop back, or puts it off (ScheduledEvents_Dismiss, _Snooze).</summary>
internal sealed class ComputeNoticeAction(CliHost host, string verb, string description) : ResultVerb(host, verb, description, NoticeView.Columns)
{
    private readonly InstanceOptions _instance = new(host);
    private readonly Option<string?> _id = new("--id") { Description = "Which one, as 'notices' shows; the next to come when absent.", HelpName = "id" };
    private readonly Option<int> _minutes = new("--minutes") { Description = "By how much: 15, 30, 60 or 120.", HelpName = "15|30|60|120", DefaultValueFactory = _ => 30 };

    /// <inheritdoc/>
    protected override void AddOwnOptions(Command command) => _instance.AddTo(command, Name == "snooze" ? [_id, _minutes] : [_id]);

    /// <inheritdoc/>
    protected override async Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel)
    {
        var body = Name == "snooze" ? new JsonObject { ["minutes"] = Minutes(parsed) } : null;
        using var context = await OpenAsync(cancel);
        var instance = _instance.Path(parsed, context.Settings);
        var path = await OpenNotice.FindAsync(context.Client, instance, _instance.Name(parsed), parsed.GetValue(_id), cancel);
        await context.Client.SendAsync(HttpMethod.Post, CommandContext.Versioned($"{path}/{Name}"), body, cancel);
        return NoticeView.From(await context.GetResourceAsync(path, cancel));
    }

    private int Minutes(ParseResult parsed) => parsed.GetValue(_minutes) is 15 or 30 or 60 or 120
        ? parsed.GetValue(_minutes)
        : throw CliException.Usage("--minutes must be 15, 30, 60 or 120.");
}
