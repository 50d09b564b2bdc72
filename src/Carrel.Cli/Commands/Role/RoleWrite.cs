using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Configuration;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Roles;

namespace Carrel.Cli.Commands.Role;

/// <summary><c>carrel role create</c> and <c>carrel role update</c> (RoleDefinitions_CreateOrUpdate).</summary>
internal sealed class RoleWrite(CliHost host, bool isNew) : ResultVerb(
    host,
    isNew ? "create" : "update",
    isNew ? "Write a custom role from a file." : "Change a custom role: it becomes what the file says. Whoever holds it is affected at once.",
    RoleViews.DefinitionColumns)
{
    private readonly Option<string> _file = new("--role-definition", "-f")
    {
        Description = "File with the role in JSON, as 'az role definition create' takes it (Name, Actions, NotActions, AssignableScopes, ...); a leading @ is allowed.",
        HelpName = "file",
        Required = true,
    };

    /// <inheritdoc/>
    protected override void AddOwnOptions(Command command) => command.Add(_file);

    /// <inheritdoc/>
    protected override async Task<JsonNode> ResultAsync(ParseResult parsed, CancellationToken cancel)
    {
        var file = parsed.GetValue(_file)!.TrimStart('@');
        var role = RoleFile.Read(InputFile.Read(file), file);
        if (role.Scopes.Count == 0)
            throw CliException.Usage($"'{file}': the role needs 'AssignableScopes', such as [\"/subscriptions/ID\"].");
        using var context = await OpenAsync(cancel);
        var scope = ScopeOf(role, context.Settings);
        var id = isNew ? role.Id ?? Guid.NewGuid().ToString("D") : await ExistingAsync(new RoleClient(context.Client), scope, role, cancel);
        var written = await context.Client.SendAsync(HttpMethod.Put, CommandContext.Versioned(RoleClient.Definition(scope, id)), role.Body, cancel);
        return RoleViews.Definition(written.Body as JsonObject ?? []);
    }

    /// <summary>
    /// The role's first scope in the subscription, where its writer needs the right in any case. Without one it is the subscription itself: at "/" or in
    /// another subscription the server refuses the address by roles, before it could say what is wrong with the scopes.
    /// </summary>
    private static string ScopeOf(RoleFile role, Settings settings)
    {
        var own = $"/subscriptions/{settings.Subscription(null)}";
        return RoleScopeOption.Encode(role.Scopes.FirstOrDefault(scope =>
            $"{scope.TrimEnd('/')}/".StartsWith(own + "/", StringComparison.OrdinalIgnoreCase) && !scope.Contains('*', StringComparison.Ordinal)) ?? own);
    }

    private static async Task<string> ExistingAsync(RoleClient client, string scope, RoleFile role, CancellationToken cancel) =>
        (await client.FindAsync(scope, role.Id ?? role.Name, cancel))["name"]?.ToString() ?? throw new CliException(ExitCode.Refused, "The server's answer names no role.");
}
