using System.Text.RegularExpressions;
using NodaTime;

namespace Carrel.Instances.Resources;

/// <summary>Where a user-assigned identity is addressed. The caller's spelling is kept; comparison ignores case.</summary>
/// <param name="SubscriptionId">Subscription.</param>
/// <param name="ResourceGroup">Resource group.</param>
/// <param name="Name">Name: 3 to 128 letters, digits, <c>_</c> and <c>-</c> (contract 9.3).</param>
public sealed partial record IdentityAddress(string SubscriptionId, string ResourceGroup, string Name)
{
    /// <summary>The ARM resource id.</summary>
    public string ResourceId =>
        $"/subscriptions/{SubscriptionId}/resourceGroups/{ResourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{Name}";

    /// <summary>The address of a full resource id; null when it is none of a user-assigned identity.</summary>
    public static IdentityAddress? Parse(string resourceId) => FullId().Match(resourceId) is { Success: true } match
        ? new IdentityAddress(match.Groups["subscription"].Value, match.Groups["group"].Value, match.Groups["name"].Value)
        : null;

    /// <summary>Whether a text can be the name of a user-assigned identity.</summary>
    public static bool IsName(string text) => BareName().IsMatch(text);

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{3,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex BareName();

    [GeneratedRegex(
        @"\A/subscriptions/(?<subscription>[^/\s]+)/resourceGroups/(?<group>[^/\s]+)/providers/Microsoft\.ManagedIdentity/userAssignedIdentities/(?<name>[A-Za-z0-9_-]{3,128})\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex FullId();
}

/// <summary>A user-assigned identity: a resource of its own and a principal (contract 9.3; wire 7).</summary>
/// <param name="Address">Where it is addressed, as first spelled.</param>
/// <param name="Ids">Its principal.</param>
/// <param name="Location">Location label.</param>
/// <param name="Tags">Tags.</param>
/// <param name="CreatedOn">When it was made.</param>
/// <param name="ModifiedOn">When it was changed last.</param>
/// <param name="Version">Counts every stored change.</param>
public sealed record UserAssignedIdentity(
    IdentityAddress Address,
    UserAssignedIdentityIds Ids,
    string Location,
    IReadOnlyDictionary<string, string> Tags,
    Instant CreatedOn,
    Instant ModifiedOn,
    long Version = 1)
{
    /// <summary>A new one with ids of its own.</summary>
    public static UserAssignedIdentity Make(IdentityAddress address, string location, IReadOnlyDictionary<string, string> tags, Instant now) =>
        new(address, new UserAssignedIdentityIds(Guid.NewGuid(), Guid.NewGuid()), location, tags, now, now);
}

/// <summary>An identity that an instance may act as.</summary>
/// <param name="PrincipalId">Object id of its principal.</param>
/// <param name="ClientId">Client id.</param>
/// <param name="ResourceId">ARM id of the identity: of a system-assigned one the instance's own (<c>xms_mirid</c>, contract 9.3).</param>
public sealed record AssignedIdentity(Guid PrincipalId, Guid ClientId, string ResourceId);
