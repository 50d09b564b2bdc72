using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Output;
using Carrel.Cli.Roles;

namespace Carrel.Cli.Commands.Directory;

/// <summary><c>carrel ad group create</c>.</summary>
internal sealed class DirectoryGroupCreate(CliHost host)
    : ResultVerb(host, "create", "Make a group of people, service principals and other groups.", PrincipalKind.Group.Columns)
{
    private readonly Option<string> _displayName = new("--display-name") { Description = "Name of the group; no other group has it.", HelpName = "text", Required = true };
    private readonly Option<string?> _description = new("--description") { Description = "What the group is for.", HelpName = "text" };

    /// <inheritdoc/>
    protected override void AddOwnOptions(Command command)
    {
        command.Add(_displayName);
        command.Add(_description);
    }

    /// <inheritdoc/>
    protected override async Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await OpenAsync(cancel);
        var body = new JsonObject { ["displayName"] = parsed.GetValue(_displayName), ["mailEnabled"] = false, ["securityEnabled"] = true };
        if (parsed.GetValue(_description) is { } text)
            body["description"] = text;
        var created = await context.Client.SendAsync(HttpMethod.Post, PrincipalKind.Group.Path, body, cancel);
        return PrincipalKind.Group.View(created.Body as JsonObject ?? []);
    }
}

/// <summary><c>carrel ad group member add | remove</c>.</summary>
internal sealed class MemberChange(CliHost host, bool add)
    : ServerVerb(host, add ? "add" : "remove", add ? "Add a person, a service principal or another group." : "Take a member out.")
{
    private readonly GroupOption _group = new();
    private readonly Option<string> _member = new("--member-id") { Description = "The member: sign-in name, name of a group or program, or object id.", HelpName = "name|id", Required = true };

    /// <inheritdoc/>
    protected override void AddOptions(Command command)
    {
        command.Add(_group);
        command.Add(_member);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await OpenAsync(cancel);
        var group = await _group.PathAsync(context, parsed, cancel);
        var (member, _) = await new RoleClient(context.Client).PrincipalAsync(parsed.GetValue(_member)!, cancel);
        var body = new JsonObject { ["@odata.id"] = new Uri(context.Client.Server, $"/v1.0/directoryObjects/{member}").AbsoluteUri };
        await (add
            ? context.Client.SendAsync(HttpMethod.Post, $"{group}/members/$ref", body, cancel)
            : context.Client.SendAsync(HttpMethod.Delete, $"{group}/members/{ScopeOptions.Segment(member)}/$ref", null, cancel));
    }
}

/// <summary><c>carrel ad group member list</c>.</summary>
internal sealed class MemberList(CliHost host) : ResultVerb(host, "list", "List the members.", Columns)
{
    private static readonly IReadOnlyList<Column> Columns = [new("TYPE", "type"), new("NAME", "name"), new("ID", "id")];

    private readonly GroupOption _group = new();
    private readonly Option<bool> _all = new("--transitive") { Description = "Members of groups that are members too." };

    /// <inheritdoc/>
    protected override void AddOwnOptions(Command command)
    {
        command.Add(_group);
        command.Add(_all);
    }

    /// <inheritdoc/>
    protected override async Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await OpenAsync(cancel);
        var group = await _group.PathAsync(context, parsed, cancel);
        var rows = await context.Client.ListAsync($"{group}/{(parsed.GetValue(_all) ? "transitiveMembers" : "members")}", cancel);
        return new JsonArray([.. rows.Select(View)]);
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
