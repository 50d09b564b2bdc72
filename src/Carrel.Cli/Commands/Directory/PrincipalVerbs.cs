using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Directory;

/// <summary><c>list</c> of people, groups or service principals.</summary>
internal sealed class PrincipalList(CliHost host, PrincipalKind kind, string description) : ResultVerb(host, "list", description, kind.Columns)
{
    private readonly Option<string?> _displayName = new("--display-name") { Description = "Only those whose display name begins so.", HelpName = "text" };

    /// <inheritdoc/>
    protected override void AddOwnOptions(Command command) => command.Add(_displayName);

    /// <inheritdoc/>
    protected override async Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await OpenAsync(cancel);
        var filter = parsed.GetValue(_displayName) is { Length: > 0 } begin
            ? $"?$filter={Uri.EscapeDataString($"startswith(displayName,'{begin.Replace("'", "''", StringComparison.Ordinal)}')")}" : "";
        var rows = await context.Client.ListAsync(kind.Path + filter, cancel);
        return new JsonArray([.. rows.Select(kind.View)]);
    }
}

/// <summary><c>show</c> of one.</summary>
internal sealed class PrincipalShow(CliHost host, PrincipalKind kind, string description) : ResultVerb(host, "show", description, kind.Columns)
{
    private readonly PrincipalName _name = new(kind);

    /// <inheritdoc/>
    protected override void AddOwnOptions(Command command) => _name.AddTo(command);

    /// <inheritdoc/>
    protected override async Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await OpenAsync(cancel);
        return kind.View(await context.GetObjectAsync(await _name.PathAsync(context, parsed, cancel), cancel));
    }
}

/// <summary><c>enable</c> and <c>disable</c>.</summary>
internal sealed class PrincipalSwitch(CliHost host, PrincipalKind kind, bool enable, string description)
    : ServerVerb(host, enable ? "enable" : "disable", description)
{
    private readonly PrincipalName _name = new(kind);

    /// <inheritdoc/>
    protected override void AddOptions(Command command) => _name.AddTo(command);

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await OpenAsync(cancel);
        await context.Client.SendAsync(HttpMethod.Patch, await _name.PathAsync(context, parsed, cancel), new JsonObject { ["accountEnabled"] = enable }, cancel);
    }
}

/// <summary><c>update</c> of what is shown of one.</summary>
internal sealed class PrincipalUpdate(CliHost host, PrincipalKind kind, string description) : ServerVerb(host, "update", description)
{
    private readonly PrincipalName _name = new(kind);
    private readonly Option<string?> _displayName = new("--display-name") { Description = "New name to show.", HelpName = "text" };
    private readonly Option<string?> _text = new("--description") { Description = "What the group is for.", HelpName = "text" };

    /// <inheritdoc/>
    protected override void AddOptions(Command command)
    {
        command.Add(_displayName);
        _name.AddTo(command);
        if (kind == PrincipalKind.Group)
            command.Add(_text);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var body = new JsonObject();
        if (parsed.GetValue(_displayName) is { } display)
            body["displayName"] = display;
        if (kind == PrincipalKind.Group && parsed.GetValue(_text) is { } text)
            body["description"] = text;
        if (body.Count == 0)
            throw CliException.Usage("Nothing is to be changed: give --display-name" + (kind == PrincipalKind.Group ? " or --description." : "."));
        using var context = await OpenAsync(cancel);
        await context.Client.SendAsync(HttpMethod.Patch, await _name.PathAsync(context, parsed, cancel), body, cancel);
    }
}

/// <summary><c>delete</c> of one; asks first.</summary>
internal sealed class PrincipalDelete(CliHost host, PrincipalKind kind, string description, string question) : ServerVerb(host, "delete", description)
{
    private readonly PrincipalName _name = new(kind);
    private readonly Confirmation _confirmation = new(host);

    /// <inheritdoc/>
    protected override void AddOptions(Command command)
    {
        _confirmation.AddTo(command);
        _name.AddTo(command);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        _confirmation.Require(parsed, string.Format(CultureInfo.InvariantCulture, question, _name.Of(parsed)));
        using var context = await OpenAsync(cancel);
        await context.Client.SendAsync(HttpMethod.Delete, await _name.PathAsync(context, parsed, cancel), null, cancel);
    }
}
