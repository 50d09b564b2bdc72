using System.Text.Json;
using Carrel.Access.Directory;
using Carrel.Arm.Errors;

namespace Carrel.Api.Authorization;

/// <summary>What the body of a role assignment asks for.</summary>
/// <param name="RoleDefinitionId">The role.</param>
/// <param name="PrincipalId">To whom.</param>
/// <param name="PrincipalType">What that is, if it was said.</param>
/// <param name="Description">Why, or null.</param>
internal sealed record AskedAssignment(Guid RoleDefinitionId, Guid PrincipalId, PrincipalType? PrincipalType, string? Description);

/// <summary>Reads a role assignment as the clients send it (wire 7).</summary>
internal static class RoleAssignmentReader
{
    private const string Marker = "/providers/Microsoft.Authorization/roleDefinitions/";
    private const int LongestDescription = 1024;

    /// <exception cref="ArmException">400 with the member that is wrong.</exception>
    internal static AskedAssignment Read(JsonElement body)
    {
        JsonElement properties = body.Member("properties") ?? body;
        BodyReading.Require(properties, JsonValueKind.Object, "properties");
        // An assignment that ignored its condition would allow more than was asked for.
        if (properties.Text("condition", "properties.condition") is { Length: > 0 })
            throw new ArmException(400, "ConditionsNotSupported", "Conditions of role assignments are not evaluated here, so an assignment that has one is not made: leave 'condition' out, or give a smaller role.", "properties.condition");
        string? description = properties.Text("description", "properties.description");
        if (description?.Length > LongestDescription)
            throw new ArmException(400, "InvalidRequestContent", $"The description is longer than {LongestDescription} characters.", "properties.description");
        return new AskedAssignment(
            RoleId(properties.Text("roleDefinitionId", "properties.roleDefinitionId")),
            Principal(properties.Text("principalId", "properties.principalId")),
            Type(properties.Text("principalType", "properties.principalType")),
            description);
    }

    /// <summary>The GUID of a role's id, whatever scope it is named at (contract 7.1).</summary>
    /// <exception cref="ArmException">400 <c>InvalidRoleDefinitionId</c>.</exception>
    internal static Guid RoleId(string? id)
    {
        int marker = id?.LastIndexOf(Marker, StringComparison.OrdinalIgnoreCase) ?? -1;
        return Guid.TryParseExact(marker < 0 ? id : id![(marker + Marker.Length)..], "D", out Guid role)
            ? role
            : throw new ArmException(
                400, "InvalidRoleDefinitionId", $"'roleDefinitionId' has to be the full id of a role, such as /subscriptions/S{Marker}{Access.Roles.BuiltInRoles.Owner.Id:D}.", "properties.roleDefinitionId");
    }

    private static Guid Principal(string? id) => Guid.TryParse(id, out Guid principal) && principal != Guid.Empty
        ? principal
        : throw new ArmException(400, "InvalidPrincipalId", "'principalId' has to be the object id of a user, group or service principal, a GUID.", "properties.principalId");

    private static PrincipalType? Type(string? word) => string.IsNullOrEmpty(word) ? null
        : Enum.TryParse(word, ignoreCase: true, out PrincipalType type) && Enum.IsDefined(type) && !char.IsAsciiDigit(word[0]) ? type
        : throw new ArmException(400, "InvalidPrincipalType", $"'principalType' is User, Group or ServicePrincipal, not '{(word.Length > 50 ? word[..50] : word)}'.", "properties.principalType");
}
