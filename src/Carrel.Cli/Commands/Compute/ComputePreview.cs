using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Output;
using Carrel.Cli.Previews;
using Carrel.Cli.Yaml;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>carrel compute preview</c>: what the schedules of an instance will do, and what those of a file would, before anything is saved.</summary>
internal sealed class ComputePreview(CliHost host)
    : ServerVerb(host, "preview", "Show the coming starts and stops of an instance, its hours and cost, and what a change would make of them. Saves nothing.")
{
    private readonly Option<int> _days = new("--days") { Description = "How many days, 1 to 366.", HelpName = "number", DefaultValueFactory = _ => 31 };
    private readonly InstanceFileOption _file = new("YAML file with other schedules, as for 'update': shows what would be different.");
    private readonly InstanceOptions _instance = new(host);
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    protected override void AddOptions(Command command)
    {
        _instance.AddTo(command, _days, _file);
        _output.AddTo(command);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var body = new JsonObject { ["days"] = parsed.GetValue(_days) is >= 1 and <= 366 and var days ? days : throw CliException.Usage("--days must be 1 to 366.") };
        var file = _file.Read(parsed);
        if (file is not null)
            _file.RequireName(parsed, file, _instance.Name(parsed));
        using var context = await OpenAsync(cancel);
        if (file is not null && await SchedulesAsync(parsed, context, file, cancel) is { } schedules)
            body["schedules"] = schedules;
        var path = CommandContext.Versioned($"{_instance.Path(parsed, context.Settings)}/preview");
        var answer = (await context.Client.SendAsync(HttpMethod.Post, path, body, cancel)).Body as JsonObject
            ?? throw new CliException(ExitCode.Refused, "The server answered with something that is not a preview.");
        var format = _output.Format(parsed);
        _output.Write(Host, parsed, format is OutputFormat.Table or OutputFormat.Tsv ? PreviewView.Rows(answer) : PreviewView.From(answer), PreviewView.Columns);
        if (format != OutputFormat.Table)
            return;
        await Host.Out.WriteLineAsync();
        foreach (var sentence in PreviewView.Sentences(answer))
            await Host.Out.WriteLineAsync(sentence);
    }

    /// <summary>The schedules that the instance would have after an update with the file, as that would send them; null when the file says nothing about them.</summary>
    private async Task<JsonObject?> SchedulesAsync(ParseResult parsed, CommandContext context, YamlMap file, CancellationToken cancel)
    {
        if (!file.Keys.Contains("schedules"))
        {
            Host.Warn($"{parsed.GetValue(_file)} has no key 'schedules', and a preview is about nothing else");
            return null;
        }

        var stored = await context.GetResourceAsync(_instance.Path(parsed, context.Settings), cancel);
        var update = _file.Update(parsed, stored, file, [], _instance.Scope, context.Settings);
        Host.Warn(update.Warnings);
        update.RequireChangeable("An update with this file would change nothing");
        return update.Schedules(stored);
    }
}
