using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Yaml;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>carrel compute create</c>: one PUT (Compute_CreateOrUpdate), then waits until the instance can be used.</summary>
internal sealed class ComputeCreate(CliHost host) : ServerVerb(host, "create", "Create an instance from a YAML file, from flags, or from both.")
{
    private readonly InstanceFileOption _file = new("YAML file of the instance (computeInstance.schema.json); all flags win over it.");
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
        _flags.AddTo(command);
        _changes.AddSetTo(command);
        _scope.AddLocationTo(command);
        _scope.AddWorkspaceTo(command);
        _output.AddTo(command);
        command.Add(_noWait);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var content = _file.Read(parsed) ?? YamlMap.Empty;
        content = ItemChange.ApplyAll(content, Wishes(parsed));
        using var context = await OpenAsync(cancel);
        var request = _file.Request(parsed, content, _scope, context.Settings);
        Host.Warn(request.Warnings);
        var workspace = _scope.Workspace(parsed, context.Settings);
        var path = $"{workspace}/computes/{ScopeOptions.Segment(request.Name)}";
        request.Body["location"] = request.Location
            ?? (await context.GetResourceAsync(workspace, cancel))["location"]?.ToString();
        var accepted = await context.Client.SendAsync(HttpMethod.Put, CommandContext.Versioned(path), request.Body, cancel);
        if (parsed.GetValue(_noWait))
        {
            Write(parsed, accepted.Body as JsonObject ?? []);
            return;
        }
        await context.WaitAsync(accepted, path, $"Creating {request.Name}", cancel);
        var resource = await context.GetResourceAsync(path, cancel);
        Write(parsed, resource);
        if (SetupReport.Failure(resource) is { } failure)
            throw new CliException(ExitCode.Refused, failure);
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
        _output.Write(Host, parsed, ComputeView.From(resource), ComputeView.Columns);
}
