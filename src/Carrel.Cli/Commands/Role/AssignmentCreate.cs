using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Roles;

namespace Carrel.Cli.Commands.Role;

/// <summary><c>carrel role assignment create</c> (RoleAssignments_Create).</summary>
internal sealed class AssignmentCreate(CliHost host)
    : ResultVerb(host, "create", "Give somebody a role at a scope; it takes effect at once.", RoleViews.AssignmentColumns)
{
    private readonly Option<string> _role = new("--role") { Description = "Name or id of the role.", HelpName = "name|guid", Required = true };
    private readonly Option<string> _assignee = new("--assignee", "--assignee-object-id") { Description = "To whom: sign-in name, name of a group or program, or object id.", HelpName = "name|id", Required = true };
    private readonly Option<string?> _type = new("--assignee-principal-type")
    {
        Description = "What an object id is that the directory does not know yet: User, Group or ServicePrincipal.",
        HelpName = "type",
    };

    private readonly Option<string?> _description = new("--description") { Description = "Why.", HelpName = "text" };
    private readonly RoleScopeOption _scope = new();

    /// <inheritdoc/>
    protected override void AddOwnOptions(Command command)
    {
        _type.AcceptOnlyFromAmong("User", "Group", "ServicePrincipal");
        command.Add(_role);
        command.Add(_assignee);
        command.Add(_type);
        command.Add(_description);
        _scope.AddTo(command);
    }

    /// <inheritdoc/>
    protected override async Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await OpenAsync(cancel);
        var scope = _scope.Path(parsed, context.Settings);
        var client = new RoleClient(context.Client);
        var role = await client.FindAsync(scope, parsed.GetValue(_role)!, cancel);
        var (principal, type) = await client.PrincipalAsync(parsed.GetValue(_assignee)!, cancel);
        var properties = new JsonObject { ["roleDefinitionId"] = role["id"]?.DeepClone(), ["principalId"] = principal };
        if ((parsed.GetValue(_type) ?? type) is { } said)
            properties["principalType"] = said;
        if (parsed.GetValue(_description) is { } description)
            properties["description"] = description;
        var path = RoleClient.Assignment(scope, Guid.NewGuid().ToString("D"));
        var given = await context.Client.SendAsync(HttpMethod.Put, CommandContext.Versioned(path), new JsonObject { ["properties"] = properties }, cancel);
        return RoleViews.Assignment(given.Body as JsonObject ?? [], type is null ? null : parsed.GetValue(_assignee), role["properties"]?["roleName"]?.ToString());
    }
}
