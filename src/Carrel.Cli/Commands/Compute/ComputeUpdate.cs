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
internal sealed class ComputeUpdate(CliHost host)
    : ServerVerb(host, "update", "Change an instance: idle time, schedules, applications, identity, tags, description.")
{
    private readonly InstanceFileOption _file = new("YAML file with the keys that shall be so; keys it leaves out stay.");
    private readonly InstanceName _name = new();
    private readonly InstanceFlags _flags = new();
    private readonly ChangeOptions _changes = new();
    private readonly ScopeOptions _scope = new();
    private readonly OutputOption _output = new();
    private readonly NoWaitOption _noWait = new();

    /// <inheritdoc/>
    protected override void AddOptions(Command command)
    {
        command.Add(_file);
        _name.AddOptionalTo(command);
        _name.CompleteFrom(Host, _scope);
        _changes.AddTo(command);
        _flags.AddChangeableTo(command);
        _scope.AddWorkspaceTo(command);
        _output.AddTo(command);
        command.Add(_noWait);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var given = _file.Read(parsed);
        var file = given ?? YamlMap.Empty;
        List<ItemChange> changes = [.. _flags.Read(parsed), .. _changes.Read(parsed)];
        if (given is null && changes.Count == 0)
            throw CliException.Usage("Nothing to change: give --set path=value, -f FILE, or a flag (see --help).");
        var name = _name.Given(parsed) ?? InstanceFileOption.NameIn(file) ?? throw CliException.Usage("Which instance? Give its name: carrel compute update NAME.");
        _file.RequireName(parsed, file, name);

        using var context = await OpenAsync(cancel);
        var path = _scope.Compute(parsed, context.Settings, name);
        var read = await context.Client.SendAsync(HttpMethod.Get, CommandContext.Versioned(path), null, cancel);
        var stored = read.Body as JsonObject ?? [];
        var update = _file.Update(parsed, stored, file, changes, _scope, context.Settings);
        Host.Warn(update.Warnings);
        update.RequireChangeable("Nothing was changed");
        if (update is { Body: null, TurnsIdleOff: false })
            Host.Error.WriteLine($"{name} is like that already; nothing was sent.");
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
        _output.Write(Host, parsed, ComputeView.From(await context.GetResourceAsync(path, cancel)), ComputeView.Columns);
    }
}
