using Carrel.Arm.Identity;

namespace Carrel.Access.Directory.Administration;

/// <summary>
/// Who may administer the directory: whoever may give any role in the subscription. Such a caller could become anybody's Owner anyway, and nobody
/// else can gain by making people, so the directory needs no right of its own. A role at <c>/</c> reaches the subscription too.
/// </summary>
public sealed class DirectoryRight(IArmAuthorizer authorizer, IDirectoryStore directory, HomeTenant home, AccessOptions options)
{
    /// <summary>The action that is needed. Contributor does not have it, so that nobody below Owner can set an Owner's password.</summary>
    public const string Action = "Microsoft.Authorization/roleAssignments/write";

    /// <summary>Where it is needed.</summary>
    public string Scope => $"/subscriptions/{options.SubscriptionId}";

    /// <summary>Whether a caller has it.</summary>
    public async ValueTask<bool> HasAsync(Caller caller, CancellationToken cancellation) =>
        (await authorizer.AuthorizeAsync(caller, Action, Scope, cancellation)).Allowed;

    /// <summary>
    /// Whether nobody could administer the directory without this principal: for a person, no other person; for a program, neither a person nor another
    /// program. Who is disabled does not count.
    /// </summary>
    public async Task<bool> IsLastAsync(Guid objectId, CancellationToken cancellation)
    {
        DirectoryUser? person = await directory.FindUserAsync(objectId, cancellation);
        ServicePrincipal? program = person is null ? await directory.FindServicePrincipalByObjectIdAsync(objectId, cancellation) : null;
        bool administers = person is { Enabled: true } ? await HasAsync(AsCaller(person), cancellation)
            : program is { Enabled: true } && await HasAsync(AsCaller(program), cancellation);
        if (!administers)
            return false;
        foreach (DirectoryUser other in await directory.ListUsersAsync(cancellation))
        {
            if (other.Enabled && other.ObjectId != objectId && await HasAsync(AsCaller(other), cancellation))
                return false;
        }

        if (person is not null)
            return true;
        foreach (ServicePrincipal other in await directory.ListServicePrincipalsAsync(cancellation))
        {
            if (other.Enabled && other.ObjectId != objectId && await HasAsync(AsCaller(other), cancellation))
                return false;
        }

        return true;
    }

    private Caller AsCaller(DirectoryUser user) => new(home.Value.Id, user.ObjectId, null, user.UserName, CallerKind.User);

    private Caller AsCaller(ServicePrincipal program) => new(home.Value.Id, program.ObjectId, program.ClientId, program.ClientId.ToString(), program.Kind);
}
