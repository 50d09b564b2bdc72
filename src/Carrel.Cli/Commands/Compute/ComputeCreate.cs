using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Computes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Compute;

/// <summary><c>carrel compute create</c>: one PUT (Compute_CreateOrUpdate), then waits until the instance can be used.</summary>
internal sealed class ComputeCreate(CliHost host) : IVerb
{
    private readonly Option<string?> _file = new("--file", "-f") { Description = "YAML file of the instance (computeInstance.schema.json).", HelpName = "file" };
    private readonly Option<string?> _name = new("--name", "-n") { Description = "Name; wins over the file, as all flags do.", HelpName = "name" };
    private readonly Option<string?> _type = new("--type", "-t") { Description = "ComputeInstance.", HelpName = "type" };
    private readonly Option<string?> _size = new("--size") { Description = "VM size (see list-sizes); STANDARD_DS3_V2 when absent.", HelpName = "size" };
    private readonly Option<string?> _description = new("--description") { Description = "Description.", HelpName = "text" };
    private readonly Option<string?> _identityType = new("--identity-type") { Description = "Managed identity: SystemAssigned, UserAssigned or None.", HelpName = "type" };
    private readonly Option<string[]> _identities = new("--user-assigned-identities")
    {
        Description = "Ids of user-assigned identities, separated by commas or blanks.", HelpName = "ids", AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<bool> _noWait = new("--no-wait") { Description = "Return as soon as the server has accepted." };
    private readonly TagsOption _tags = new();
    private readonly ScopeOptions _scope = new();
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("create", "Create an instance from a YAML file, from flags, or from both.")
        {
            _file, _name, _type, _size, _description, _identityType, _identities,
        };
        _tags.AddTo(command);
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
        var text = file is null ? null : InputFile.Read(file);
        using var context = await CommandContext.OpenAsync(host, cancel);
        var request = ComputeFile.Read(file ?? "flags", text, Flags(parsed),
            _scope.SubscriptionId(parsed, context.Settings), _scope.GroupName(parsed, context.Settings));
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

    private ComputeFlags Flags(ParseResult parsed) => new()
    {
        Name = parsed.GetValue(_name),
        Type = parsed.GetValue(_type),
        Size = parsed.GetValue(_size),
        Location = _scope.GivenLocation(parsed),
        Description = parsed.GetValue(_description),
        IdentityType = parsed.GetValue(_identityType),
        UserAssignedIdentities = [.. (parsed.GetValue(_identities) ?? [])
            .SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
        Tags = _tags.Read(parsed),
    };

    private void Write(ParseResult parsed, JsonObject resource) =>
        _output.Write(host, parsed, ComputeView.From(resource), ComputeView.Columns);
}
