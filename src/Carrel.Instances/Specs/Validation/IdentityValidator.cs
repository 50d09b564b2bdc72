using Carrel.Instances.Resources;

namespace Carrel.Instances.Specs.Validation;

/// <summary>Managed identities (contract 1.1, 9.3).</summary>
public static class IdentityValidator
{
    /// <summary>The identities asked for, or null for none.</summary>
    internal static IdentityModel? Validate(IdentitySpec? identity, ValidationContext context, List<Finding> findings)
    {
        if (identity is null)
        {
            return null;
        }

        if (ReadType(identity.Type) is not var (system, user))
        {
            findings.Add(new Finding(
                FindingCodes.InvalidRequestBody,
                "'identity.type' must be 'None', 'SystemAssigned', 'UserAssigned' or 'SystemAssigned,UserAssigned'.",
                Paths.Identity + ".type"));
            return null;
        }

        var asked = identity.UserAssigned ?? [];
        if (user != asked.Count > 0)
        {
            findings.Add(new Finding(
                FindingCodes.InvalidRequestBody,
                user
                    ? "'identity.type' says UserAssigned: name at least one identity in 'userAssignedIdentities'."
                    : "'userAssignedIdentities' are named: 'identity.type' must contain UserAssigned.",
                Paths.Identity + ".userAssignedIdentities"));
            return null;
        }

        var ids = asked.Select(id => Id(id, context, findings)).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return system || user ? new IdentityModel(system, ids) : null;
    }

    /// <summary>Words in any case and order, with blanks, as the Python client sends <c>Systemassigned</c>.</summary>
    internal static (bool System, bool User)? ReadType(string? type)
    {
        var words = type?.Split(',', StringSplitOptions.TrimEntries) ?? [];
        var system = words.Any(word => EnumWord.Same(word, "SystemAssigned"));
        var user = words.Any(word => EnumWord.Same(word, "UserAssigned"));
        if (words.Length == (system ? 1 : 0) + (user ? 1 : 0))
        {
            return words.Length == 0 ? null : (system, user);
        }

        return words is [var only] && EnumWord.Same(only, "None") ? (false, false) : null;
    }

    /// <summary>The full id of an identity that is named by its id or, in the workspace's group, by its bare name; other text is null.</summary>
    public static string? FullId(string id, string subscriptionId, string resourceGroup) =>
        IdentityAddress.IsName(id) ? new IdentityAddress(subscriptionId, resourceGroup, id).ResourceId
        : IdentityAddress.Parse(id) is null ? null
        : id;

    private static string Id(string id, ValidationContext context, List<Finding> findings)
    {
        if (FullId(id, context.SubscriptionId, context.ResourceGroup) is { } full)
        {
            return full;
        }

        findings.Add(new Finding(
            FindingCodes.InvalidIdentityId,
            $"'{ComputeInstanceValidator.Shorten(id)}' names no identity: use a full resource id of Microsoft.ManagedIdentity/userAssignedIdentities or a bare name of 3 to 128 letters, digits, '_' and '-'.",
            Paths.Identity + ".userAssignedIdentities"));
        return id;
    }
}
