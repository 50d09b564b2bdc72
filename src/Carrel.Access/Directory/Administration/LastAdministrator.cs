namespace Carrel.Access.Directory.Administration;

/// <summary>
/// One who can administer the directory and the roles of the subscription: an enabled person, or an enabled program with a secret that is good, who holds
/// <see cref="DirectoryRight.Action"/> there or above, directly or through groups.
/// </summary>
/// <param name="ObjectId">Who.</param>
/// <param name="IsPerson">A person, who can sign in without a machine that has a secret.</param>
/// <param name="IsOwner">Holds the role Owner there, and so can give every role.</param>
public sealed record Administrator(Guid ObjectId, bool IsPerson, bool IsOwner);

/// <summary>What a change would lose for good.</summary>
/// <param name="Code">For the answer.</param>
/// <param name="Reason">A sentence that says what to do first.</param>
public sealed record AdministratorLoss(string Code, string Reason);

/// <summary>
/// Nobody could mend an installation that nobody administers. So whatever takes somebody's access away (disabling, removing, a role, a membership, a group,
/// a secret, what a custom role allows) is held against this rule, in the transaction that does it. Pure.
/// </summary>
public static class LastAdministratorRule
{
    /// <summary>Code of the loss of the last Owner.</summary>
    public const string LastOwner = "LastOwner";

    /// <summary>Code of the loss of the last who administers.</summary>
    public const string LastAdministrator = "LastAdministrator";

    /// <summary>What a change would lose, or null when it may be done. Whoever was missing before is not lost.</summary>
    /// <param name="before">Who administers without the change.</param>
    /// <param name="after">Who administers with it.</param>
    public static AdministratorLoss? Decide(IReadOnlyCollection<Administrator> before, IReadOnlyCollection<Administrator> after)
    {
        if (IsLost(before, after, administrator => administrator.IsOwner))
            return new AdministratorLoss(LastOwner, "Nobody would be Owner of the subscription any more: give 'Owner' to another person or program there first.");
        if (IsLost(before, after, administrator => administrator.IsPerson))
            return new AdministratorLoss(LastAdministrator, "No person would administer the directory any more: give another person the role Owner of the subscription first.");
        return IsLost(before, after, _ => true)
            ? new AdministratorLoss(LastAdministrator, "Nobody would administer the directory any more: give another person or program the role Owner of the subscription first.")
            : null;
    }

    private static bool IsLost(IEnumerable<Administrator> before, IEnumerable<Administrator> after, Func<Administrator, bool> counts) =>
        before.Any(counts) && !after.Any(counts);
}

/// <summary>A change was undone, because nobody would administer afterwards.</summary>
public sealed class LastAdministratorException(AdministratorLoss loss) : Exception(loss.Reason)
{
    /// <summary>What would have been lost.</summary>
    public AdministratorLoss Loss => loss;
}
