using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Yaml;

namespace Carrel.Cli.Commands.Compute;

/// <summary>
/// <c>carrel compute update</c>: GET, then a PUT of the whole resource with what changes (contract 2). What cannot change is named before anything is sent.
/// </summary>
internal sealed class ComputeUpdate(CliHost host) : IVerb
{
    private readonly Option<string?> _file = new("--file", "-f") { Description = "YAML file with the keys that shall be so; keys it leaves out stay.", HelpName = "file" };
    private readonly Option<bool> _noWait = new("--no-wait") { Description = "Return as soon as the server has accepted." };
    private readonly InstanceName _name = new();
    private readonly InstanceFlags _flags = new();
    private readonly ChangeOptions _changes = new();
    private readonly ScopeOptions _scope = new();
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("update", "Change an instance: idle time, schedules, applications, identity, tags, description.") { _file };
        _name.AddOptionalTo(command);
        _name.CompleteFrom(host, _scope);
        _changes.AddTo(command);
        _flags.AddChangeableTo(command);
        _scope.AddWorkspaceTo(command);
        _output.AddTo(command);
        command.Add(_noWait);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var fileName = parsed.GetValue(_file);
        var file = fileName is null ? YamlMap.Empty : YamlFile.Parse(fileName, InputFile.Read(fileName));
        List<ItemChange> changes = [.. _flags.Read(parsed), .. _changes.Read(parsed)];
        if (fileName is null && changes.Count == 0)
            throw CliException.Usage("Nothing to change: give --set path=value, -f FILE, or a flag (see --help).");
        var name = _name.Given(parsed) ?? NameIn(file) ?? throw CliException.Usage("Which instance? Give its name: carrel compute update NAME.");

        using var context = await CommandContext.OpenAsync(host, cancel);
        var path = _scope.Compute(parsed, context.Settings, name);
        var read = await context.Client.SendAsync(HttpMethod.Get, CommandContext.Versioned(path), null, cancel);
        var stored = read.Body as JsonObject ?? [];
        var update = Decide(parsed, context, stored, fileName ?? "flags", file, changes);
        if (update.Fixed.Count > 0)
            throw CliException.Usage($"Nothing was changed, because this cannot change on an existing instance:\n  {string.Join("\n  ", update.Fixed)}");
        if (update is { Body: null, TurnsIdleOff: false })
            host.Error.WriteLine($"{name} is like that already; nothing was sent.");
        if (update.Body is not null)
        {
            var accepted = await context.Client.SendAsync(HttpMethod.Put, CommandContext.Versioned(path), update.Body, cancel, ifMatch: read.ETag);
            if (!parsed.GetValue(_noWait))
                await context.WaitAsync(accepted, path, $"Updating {name}", cancel);
        }
        if (update.TurnsIdleOff)
        {
            var off = new JsonObject { ["idleTimeBeforeShutdown"] = null };
            await context.Client.SendAsync(HttpMethod.Post, CommandContext.Versioned($"{path}/updateIdleShutdownSetting"), off, cancel);
        }
        _output.Write(host, parsed, ComputeView.From(await context.GetResourceAsync(path, cancel)), ComputeView.Columns);
        return ExitCode.Ok;
    }

    /// <summary>Only touched keys are read and compared: an instance whose other parts have no words in a file can be changed all the same.</summary>
    private InstanceUpdate Decide(ParseResult parsed, CommandContext context, JsonObject stored, string fileName, YamlMap file, List<ItemChange> changes)
    {
        var touched = file.Keys.Concat(changes.Select(change => change.Path.Root)).Concat(["name", "type"]).ToHashSet(StringComparer.Ordinal);
        var all = (YamlMap)YamlItem.From(ComputeView.From(stored));
        var now = all with { Entries = [.. all.Entries.Where(entry => touched.Contains(entry.Key.Value))] };
        var wanted = now with { Entries = [.. now.Entries.Where(entry => !file.Keys.Contains(entry.Key.Value)), .. file.Entries] };
        if (_name.Given(parsed) is not null)
            wanted = ItemEdits.Set(wanted, ItemPath.Parse("name"), YamlItem.From(stored["name"]));
        wanted = ItemChange.ApplyAll(wanted, changes);

        var (subscription, group) = (_scope.SubscriptionId(parsed, context.Settings), _scope.GroupName(parsed, context.Settings));
        var after = ComputeFile.Read(fileName, wanted, subscription, group);
        foreach (var warning in after.Warnings)
            host.Warn(warning);
        return InstanceUpdate.Decide(stored, ComputeFile.Read(fileName, now, subscription, group), after);
    }

    private static string? NameIn(YamlMap file) =>
        file.Entries.Where(entry => entry.Key.Value == "name").Select(entry => (entry.Value as YamlScalar)?.Value).FirstOrDefault();
}
