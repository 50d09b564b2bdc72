using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Directory;

/// <summary><c>list</c> of people, groups or service principals.</summary>
internal sealed class PrincipalList(CliHost host, PrincipalKind kind, string description) : IVerb
{
    private readonly Option<string?> _displayName = new("--display-name") { Description = "Only those whose display name begins so.", HelpName = "text" };
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("list", description) { _displayName };
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await CommandContext.OpenAsync(host, cancel);
        var filter = parsed.GetValue(_displayName) is { Length: > 0 } begin
            ? $"?$filter={Uri.EscapeDataString($"startswith(displayName,'{begin.Replace("'", "''", StringComparison.Ordinal)}')")}" : "";
        var rows = await context.Client.ListAsync(kind.Path + filter, cancel);
        _output.Write(host, parsed, new JsonArray([.. rows.Select(kind.View)]), kind.Columns);
        return ExitCode.Ok;
    }
}

/// <summary><c>show</c> of one.</summary>
internal sealed class PrincipalShow(CliHost host, PrincipalKind kind, string description) : IVerb
{
    private readonly PrincipalName _name = new(kind);
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("show", description);
        _name.AddTo(command);
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await CommandContext.OpenAsync(host, cancel);
        var found = await context.GetObjectAsync(await _name.PathAsync(context, parsed, cancel), cancel);
        _output.Write(host, parsed, kind.View(found), kind.Columns);
        return ExitCode.Ok;
    }
}

/// <summary><c>enable</c> and <c>disable</c>.</summary>
internal sealed class PrincipalSwitch(CliHost host, PrincipalKind kind, bool enable, string description) : IVerb
{
    private readonly PrincipalName _name = new(kind);

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command(enable ? "enable" : "disable", description);
        _name.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await CommandContext.OpenAsync(host, cancel);
        await context.Client.SendAsync(HttpMethod.Patch, await _name.PathAsync(context, parsed, cancel), new JsonObject { ["accountEnabled"] = enable }, cancel);
        return ExitCode.Ok;
    }
}

/// <summary><c>update</c> of what is shown of one.</summary>
internal sealed class PrincipalUpdate(CliHost host, PrincipalKind kind, string description) : IVerb
{
    private readonly PrincipalName _name = new(kind);
    private readonly Option<string?> _displayName = new("--display-name") { Description = "New name to show.", HelpName = "text" };
    private readonly Option<string?> _text = new("--description") { Description = "What the group is for.", HelpName = "text" };

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("update", description) { _displayName };
        _name.AddTo(command);
        if (kind == PrincipalKind.Group)
            command.Add(_text);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var body = new JsonObject();
        if (parsed.GetValue(_displayName) is { } display)
            body["displayName"] = display;
        if (kind == PrincipalKind.Group && parsed.GetValue(_text) is { } text)
            body["description"] = text;
        if (body.Count == 0)
            throw CliException.Usage("Nothing is to be changed: give --display-name" + (kind == PrincipalKind.Group ? " or --description." : "."));
        using var context = await CommandContext.OpenAsync(host, cancel);
        await context.Client.SendAsync(HttpMethod.Patch, await _name.PathAsync(context, parsed, cancel), body, cancel);
        return ExitCode.Ok;
    }
}

/// <summary><c>delete</c> of one; asks first.</summary>
internal sealed class PrincipalDelete(CliHost host, PrincipalKind kind, string description, string question) : IVerb
{
    private readonly PrincipalName _name = new(kind);
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask." };

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("delete", description) { _yes };
        _name.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        Confirmation.Require(host, parsed.GetValue(_yes), string.Format(CultureInfo.InvariantCulture, question, _name.Of(parsed)));
        using var context = await CommandContext.OpenAsync(host, cancel);
        await context.Client.SendAsync(HttpMethod.Delete, await _name.PathAsync(context, parsed, cancel), null, cancel);
        return ExitCode.Ok;
    }
}
