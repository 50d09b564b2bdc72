using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Output;

namespace Carrel.Cli.Commands.Directory;

/// <summary><c>carrel ad group create</c>.</summary>
internal sealed class DirectoryGroupCreate(CliHost host) : IVerb
{
    private readonly Option<string> _displayName = new("--display-name") { Description = "Name of the group; no other group has it.", HelpName = "text", Required = true };
    private readonly Option<string?> _description = new("--description") { Description = "What the group is for.", HelpName = "text" };
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("create", "Make a group of people, service principals and other groups.") { _displayName, _description };
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await CommandContext.OpenAsync(host, cancel);
        var body = new JsonObject { ["displayName"] = parsed.GetValue(_displayName), ["mailEnabled"] = false, ["securityEnabled"] = true };
        if (parsed.GetValue(_description) is { } text)
            body["description"] = text;
        var created = await context.Client.SendAsync(HttpMethod.Post, PrincipalKind.Group.Path, body, cancel);
        _output.Write(host, parsed, PrincipalKind.Group.View(created.Body as JsonObject ?? []), PrincipalKind.Group.Columns);
        return ExitCode.Ok;
    }
}

/// <summary><c>carrel ad group member add | remove</c>.</summary>
internal sealed class MemberChange(CliHost host, bool add) : IVerb
{
    private readonly Option<string> _group = new("--group", "-g") { Description = "Name or object id of the group.", HelpName = "name|id", Required = true };
    private readonly Option<string> _member = new("--member-id") { Description = "The member: sign-in name of a person, or object id.", HelpName = "name|id", Required = true };

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command(add ? "add" : "remove", add ? "Add a person, a service principal or another group." : "Take a member out.") { _group, _member };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await CommandContext.OpenAsync(host, cancel);
        var group = await PrincipalName.PathAsync(context, PrincipalKind.Group, parsed.GetValue(_group)!, cancel);
        var given = parsed.GetValue(_member)!;
        var member = Guid.TryParse(given, out _)
            ? given : (await context.GetObjectAsync(await PrincipalName.PathAsync(context, PrincipalKind.User, given, cancel), cancel))["id"]!.ToString();
        var body = new JsonObject { ["@odata.id"] = new Uri(context.Client.Server, $"/v1.0/directoryObjects/{member}").AbsoluteUri };
        await (add
            ? context.Client.SendAsync(HttpMethod.Post, $"{group}/members/$ref", body, cancel)
            : context.Client.SendAsync(HttpMethod.Delete, $"{group}/members/{ScopeOptions.Segment(member)}/$ref", null, cancel));
        return ExitCode.Ok;
    }
}

/// <summary><c>carrel ad group member list</c>.</summary>
internal sealed class MemberList(CliHost host) : IVerb
{
    private static readonly IReadOnlyList<Column> Columns = [new("TYPE", "type"), new("NAME", "name"), new("ID", "id")];

    private readonly Option<string> _group = new("--group", "-g") { Description = "Name or object id of the group.", HelpName = "name|id", Required = true };
    private readonly Option<bool> _all = new("--transitive") { Description = "Members of groups that are members too." };
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("list", "List the members.") { _group, _all };
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await CommandContext.OpenAsync(host, cancel);
        var group = await PrincipalName.PathAsync(context, PrincipalKind.Group, parsed.GetValue(_group)!, cancel);
        var rows = await context.Client.ListAsync($"{group}/{(parsed.GetValue(_all) ? "transitiveMembers" : "members")}", cancel);
        _output.Write(host, parsed, new JsonArray([.. rows.Select(View)]), Columns);
        return ExitCode.Ok;
    }

    private static JsonObject View(JsonObject member) => new()
    {
        ["id"] = member["id"]?.ToString(),
        ["type"] = member["@odata.type"]?.ToString() switch
        {
            "#microsoft.graph.user" => "User",
            "#microsoft.graph.group" => "Group",
            _ => "ServicePrincipal",
        },
        ["name"] = (member["userPrincipalName"] ?? member["displayName"])?.ToString(),
    };
}
