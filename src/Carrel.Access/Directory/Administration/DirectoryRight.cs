using Carrel.Access.Roles;
using Carrel.Arm.Identity;

namespace Carrel.Access.Directory.Administration;

/// <summary>
/// Who may administer the directory: whoever may give any role in the subscription. Such a caller could become anybody's Owner anyway, and nobody
/// else can gain by making people, so the directory needs no right of its own. A role at <c>/</c> reaches the subscription too.
/// </summary>
public sealed class DirectoryRight(IArmAuthorizer authorizer, AccessOptions options)
{
    /// <summary>The action that is needed. Contributor does not have it, so that nobody below Owner can set an Owner's password.</summary>
    public const string Action = GrantRules.AssignmentWrite;

    /// <summary>Where it is needed.</summary>
    public string Scope => $"/subscriptions/{options.SubscriptionId}";

    /// <summary>Whether a caller has it.</summary>
    public async ValueTask<bool> HasAsync(Caller caller, CancellationToken cancellation) =>
        (await authorizer.AuthorizeAsync(caller, Action, Scope, cancellation)).Allowed;
}
