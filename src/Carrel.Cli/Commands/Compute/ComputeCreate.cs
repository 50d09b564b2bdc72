using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Yaml;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>carrel compute create</c>: one PUT (Compute_CreateOrUpdate), then waits until the instance can be used.</summary>
internal sealed class ComputeCreate(CliHost host) : IVerb
{
    private readonly Option<string?> _file = new("--file", "-f") { Description = "YAML file of the instance (computeInstance.schema.json); all flags win over it.", HelpName = "file" };
    private readonly Option<bool> _noWait = new("--no-wait") { Description = "Return as soon as the server has accepted." };
    private readonly InstanceName _name = new();
    private readonly InstanceFlags _flags = new();
    private readonly ChangeOptions _changes = new();
    private readonly ScopeOptions _scope = new();
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("create", "Create an instance from a YAML file, from flags, or from both.") { _file };
        _name.AddOptionalTo(command);
        _flags.AddTo(command);
        _changes.AddSetTo(command);
        _scope.AddLocationTo(command);
        _scope.AddWorkspaceTo(command);
        _output.AddTo(command);
        command.Add(_noWait);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var file = parsed.GetValue(_file);
        var map = file is null ? YamlMap.Empty : YamlFile.Parse(file, InputFile.Read(file));
        map = ItemChange.ApplyAll(map, Wishes(parsed));
        using var context = await CommandContext.OpenAsync(host, cancel);
        var request = ComputeFile.Read(file ?? "flags", map, _scope.SubscriptionId(parsed, context.Settings), _scope.GroupName(parsed, context.Settings));
        foreach (var warning in request.Warnings)
            host.Warn(warning);
        var workspace = _scope.Workspace(parsed, context.Settings);
        var path = $"{workspace}/computes/{ScopeOptions.Segment(request.Name)}";
        request.Body["location"] = request.Location
            ?? (await context.GetResourceAsync(workspace, cancel))["location"]?.ToString();
        var accepted = await context.Client.SendAsync(HttpMethod.Put, CommandContext.Versioned(path), request.Body, cancel);
        if (parsed.GetValue(_noWait))
        {
            Write(parsed, accepted.Body as JsonObject ?? []);
            return ExitCode.Ok;
        }
        await context.WaitAsync(accepted, path, $"Creating {request.Name}", cancel);
        var resource = await context.GetResourceAsync(path, cancel);
        Write(parsed, resource);
        return SetupReport.Failure(resource) is { } failure ? throw new CliException(ExitCode.Refused, failure) : ExitCode.Ok;
    }

    private IEnumerable<ItemChange> Wishes(ParseResult parsed)
    {
        List<ItemChange> given = [];
        if (_name.Given(parsed) is { } name)
            given.Add(ItemChange.Set("name", name));
        if (_scope.GivenLocation(parsed) is { } location)
            given.Add(ItemChange.Set("location", location));
        return [.. given, .. _flags.Read(parsed), .. _changes.Read(parsed)];
    }

    private void Write(ParseResult parsed, JsonObject resource) =>
        _output.Write(host, parsed, ComputeView.From(resource), ComputeView.Columns);
}
