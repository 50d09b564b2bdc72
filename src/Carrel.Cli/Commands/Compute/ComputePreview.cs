using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Previews;
using Carrel.Cli.Yaml;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>carrel compute preview</c>: what the schedules of an instance will do, and what those of a file would, before anything is saved.</summary>
internal sealed class ComputePreview(CliHost host) : IVerb
{
    private readonly Option<int> _days = new("--days") { Description = "How many days, 1 to 366.", HelpName = "number", DefaultValueFactory = _ => 31 };
    private readonly Option<string?> _file = new("--file", "-f") { Description = "YAML file with other schedules, as for 'update': shows what would be different.", HelpName = "file" };
    private readonly InstanceName _name = new();
    private readonly ScopeOptions _scope = new();
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("preview", "Show the coming starts and stops of an instance, its hours and cost, and what a change would make of them. Saves nothing.");
        _name.AddTo(command, host, _scope);
        command.Add(_days);
        command.Add(_file);
        _scope.AddWorkspaceTo(command);
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var body = new JsonObject { ["days"] = parsed.GetValue(_days) is >= 1 and <= 366 and var days ? days : throw CliException.Usage("--days must be 1 to 366.") };
        var file = parsed.GetValue(_file) is { } fileName ? YamlFile.Parse(fileName, InputFile.Read(fileName)) : null;
        using var context = await CommandContext.OpenAsync(host, cancel);
        if (file is not null && Schedules(parsed, context, parsed.GetValue(_file)!, file) is { } schedules)
            body["schedules"] = schedules;
        var path = CommandContext.Versioned($"{_scope.Compute(parsed, context.Settings, _name.Of(parsed))}/preview");
        var answer = (await context.Client.SendAsync(HttpMethod.Post, path, body, cancel)).Body as JsonObject
            ?? throw new CliException(ExitCode.Refused, "The server answered with something that is not a preview.");
        if (parsed.GetValue<string>("--output") is not "table")
        {
            var view = PreviewView.From(answer);
            _output.Write(host, parsed, parsed.GetValue<string>("--output") is "tsv" ? PreviewView.Rows(answer) : view, PreviewView.Columns);
            return ExitCode.Ok;
        }

        _output.Write(host, parsed, PreviewView.Rows(answer), PreviewView.Columns);
        await host.Out.WriteLineAsync();
        foreach (var sentence in PreviewView.Sentences(answer))
            await host.Out.WriteLineAsync(sentence);
        return ExitCode.Ok;
    }

    /// <summary>The schedules of a file, as an update with it would send them; null when the file says nothing about them.</summary>
    private JsonObject? Schedules(ParseResult parsed, CommandContext context, string fileName, YamlMap file)
    {
        if (!file.Keys.Contains("schedules"))
        {
            host.Warn($"{fileName} has no key 'schedules', and a preview is about nothing else");
            return null;
        }

        var whole = ItemEdits.Set(file, ItemPath.Parse("name"), YamlItem.From(_name.Of(parsed)));
        if (!file.Keys.Contains("type"))
            whole = ItemEdits.Set(whole, ItemPath.Parse("type"), YamlItem.From("computeinstance"));
        var request = ComputeFile.Read(fileName, whole, _scope.SubscriptionId(parsed, context.Settings), _scope.GroupName(parsed, context.Settings));
        foreach (var warning in request.Warnings)
            host.Warn(warning);
        // An empty list takes all schedules away.
        return request.Body["properties"]!["properties"]!["schedules"]?.DeepClone() as JsonObject ?? new JsonObject { ["computeStartStop"] = new JsonArray() };
    }
}
