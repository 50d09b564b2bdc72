using System.Text.RegularExpressions;

namespace Carrel.Access.Roles;

/// <summary>What is wrong with a custom role.</summary>
/// <param name="Code">Word for programs.</param>
/// <param name="Message">What to change.</param>
/// <param name="Target">Path of the member.</param>
public sealed record RoleFault(string Code, string Message, string Target);

/// <summary>What a custom role may be (contract 7.1). Pure.</summary>
public static partial class RoleDefinitionRules
{
    private const int LongestName = 128;
    private const int LongestDescription = 2048;
    private const int LongestAction = 256;
    private const int MostActions = 2048;
    private const int MostScopes = 100;

    /// <summary>Every fault of a role; none when it is good. Its assignable scopes have been read by <see cref="RoleScope.Read"/>, where that was possible.</summary>
    public static IEnumerable<RoleFault> Faults(RoleDefinition role)
    {
        if (role.RoleName.Trim().Length is 0 or > LongestName || role.RoleName.Any(char.IsControl))
            yield return new RoleFault("InvalidRoleDefinitionName", $"A role needs a name of 1 to {LongestName} characters without control characters.", "properties.roleName");
        else if (BuiltInRoles.All.Any(known => known.Id != role.Id && known.RoleName.Equals(role.RoleName, StringComparison.OrdinalIgnoreCase)))
            yield return NameIsTaken(role.RoleName);
        if (role.Description.Length > LongestDescription)
            yield return new RoleFault("InvalidRoleDefinition", $"The description is longer than {LongestDescription} characters.", "properties.description");
        foreach (RoleFault fault in Permissions(role).Concat(Scopes(role.AssignableScopes)))
            yield return fault;
    }

    /// <summary>The refusal of a name that another role has.</summary>
    public static RoleFault NameIsTaken(string name) =>
        new("RoleDefinitionWithSameNameExists", $"Another role is called '{name}'; names of roles are unique, ignoring case. Choose another name, or change the role that has it.", "properties.roleName");

    private static IEnumerable<RoleFault> Permissions(RoleDefinition role)
    {
        if (role.Permissions.Count == 0)
            yield return new RoleFault("InvalidRoleDefinition", "A role needs 'permissions' with the actions it allows.", "properties.permissions");
        if (role.Permissions.Sum(permission => permission.Actions.Count + permission.NotActions.Count + permission.DataActions.Count + permission.NotDataActions.Count) > MostActions)
            yield return new RoleFault("InvalidRoleDefinition", $"A role has at most {MostActions} actions in all.", "properties.permissions");
        for (int index = 0; index < role.Permissions.Count; index++)
        {
            RolePermission permission = role.Permissions[index];
            string path = $"properties.permissions[{index}]";
            foreach (RoleFault fault in Actions(permission.Actions, $"{path}.actions", known: true)
                .Concat(Actions(permission.NotActions, $"{path}.notActions", known: true))
                .Concat(Actions(permission.DataActions, $"{path}.dataActions", known: false))
                .Concat(Actions(permission.NotDataActions, $"{path}.notDataActions", known: false)))
                yield return fault;
        }
    }

    private static IEnumerable<RoleFault> Actions(IReadOnlyList<string> actions, string path, bool known)
    {
        for (int index = 0; index < actions.Count; index++)
        {
            string action = actions[index];
            string? wrong =
                action.Length is 0 or > LongestAction || !ActionForm().IsMatch(action) ? "has to be letters, digits, '.', '-', '_', '/' and '*', such as Microsoft.MachineLearningServices/workspaces/computes/read"
                : action.Count(character => character == '*') > 1 ? "has more than one '*'; one is the most"
                : known && OperationName.CoversNothing(action)
                    ? "matches no operation of Microsoft.MachineLearningServices; check its spelling"
                : null;
            if (wrong is not null)
                yield return new RoleFault("InvalidActionOrNotAction", $"'{Shorten(action)}' {wrong}.", $"{path}[{index}]");
        }
    }

    private static IEnumerable<RoleFault> Scopes(IReadOnlyList<string> scopes)
    {
        if (scopes.Count is 0 or > MostScopes)
            yield return new RoleFault("InvalidAssignableScopes", $"A custom role needs 1 to {MostScopes} assignable scopes, such as /subscriptions/ID.", "properties.assignableScopes");
        for (int index = 0; index < scopes.Count; index++)
        {
            if (scopes[index] == "/" || RoleScope.Read(scopes[index]) is null)
                yield return new RoleFault("InvalidAssignableScopes", $"'{Shorten(scopes[index])}' cannot be an assignable scope of a custom role: name a subscription, a resource group or a resource, without wildcards.", $"properties.assignableScopes[{index}]");
        }
    }

    private static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "...";

    [GeneratedRegex(@"\A[A-Za-z0-9._\-/*]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex ActionForm();
}
