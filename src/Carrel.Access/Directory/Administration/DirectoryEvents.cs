using Carrel.Arm.Audit;
using Carrel.Arm.Identity;

namespace Carrel.Access.Directory.Administration;

/// <summary>Who asks for a change of the directory, by which request.</summary>
/// <param name="Caller">Who.</param>
/// <param name="Request">The request.</param>
public sealed record DirectoryAsker(Caller Caller, AuditRequest Request);

/// <summary>Writes what happens to principals and sign-ins into the audit trail. Names and ids only, never a password, secret, code or token.</summary>
public sealed class DirectoryEvents(IAuditTrail trail, HomeTenant home, AccessOptions options)
{
    /// <summary>Something was done to a principal.</summary>
    /// <param name="asker">Who did it.</param>
    /// <param name="action">One of <see cref="DirectoryActions"/>.</param>
    /// <param name="principal">Object id of the person, program or group.</param>
    /// <param name="detail">A sentence.</param>
    public Task ChangedAsync(DirectoryAsker asker, string action, Guid principal, string detail) => WriteAsync(
        asker.Caller, action, principal, AuditOutcome.Succeeded, detail, asker.Request);

    /// <summary>Somebody was not allowed to administer the directory.</summary>
    public Task DeniedAsync(DirectoryAsker asker, string action) => WriteAsync(
        asker.Caller, action, asker.Caller.ObjectId, AuditOutcome.Denied, $"It needs '{DirectoryRight.Action}' in the subscription.", asker.Request);

    /// <summary>A person signed in, or did something with an own sign-in.</summary>
    public Task SignedInAsync(DirectoryUser user, string action, string detail, string? userAgent) => WriteAsync(
        Of(user), action, user.ObjectId, AuditOutcome.Succeeded, detail, AuditRequest.New(userAgent));

    /// <summary>A program signed in with its secret.</summary>
    public Task ProgramSignedInAsync(ServicePrincipal program, string? userAgent) => WriteAsync(
        Of(program), DirectoryActions.SignIn, program.ObjectId, AuditOutcome.Succeeded, $"{program.DisplayName} signed in with a secret.", AuditRequest.New(userAgent));

    /// <summary>A sign-in failed or was ended.</summary>
    /// <param name="who">The person or program; null for a name that nobody has.</param>
    /// <param name="given">The name that was given.</param>
    /// <param name="action">One of <see cref="DirectoryActions"/>.</param>
    /// <param name="detail">A sentence.</param>
    /// <param name="userAgent">What the client calls itself.</param>
    public Task RefusedAsync(Caller? who, string given, string action, string detail, string? userAgent) => WriteAsync(
        who ?? new Caller(home.Value.Id, Guid.Empty, null, Shown(given), CallerKind.User), action, who?.ObjectId ?? Guid.Empty, AuditOutcome.Failed, detail, AuditRequest.New(userAgent));

    /// <summary>A person as the one who acts.</summary>
    public Caller Of(DirectoryUser user) => new(home.Value.Id, user.ObjectId, null, user.UserName, CallerKind.User);

    /// <summary>A program as the one who acts.</summary>
    public Caller Of(ServicePrincipal program) => new(home.Value.Id, program.ObjectId, program.ClientId, program.ClientId.ToString(), program.Kind);

    private Task WriteAsync(Caller who, string action, Guid principal, AuditOutcome outcome, string detail, AuditRequest request) =>
        // Not cancelled with the request: it has happened.
        trail.WriteAsync(
            new AuditRecord(who, action, AuditTargets.Principal(options.SubscriptionId, principal), outcome, detail, request), CancellationToken.None);

    // People type passwords into the wrong field: what is no sign-in name is not kept.
    private string Shown(string given) => UserNames.Fault(given, home.Value.Domain) is null ? given : "(no sign-in name)";
}

/// <summary>The operations of the directory and of signing in, as the audit trail names them.</summary>
public static class DirectoryActions
{
    /// <summary>A person signed in with a password, or tried to.</summary>
    public const string SignIn = "Carrel.Access/signIn/action";

    /// <summary>A name was locked after wrong passwords.</summary>
    public const string Lock = "Carrel.Access/signIn/lock/action";

    /// <summary>A client got a person's tokens.</summary>
    public const string Authorize = "Carrel.Access/signIn/authorize/action";

    /// <summary>A person answered a device code.</summary>
    public const string Device = "Carrel.Access/signIn/deviceCode/action";

    /// <summary>A refresh token was used again.</summary>
    public const string RefreshReuse = "Carrel.Access/signIn/refreshReuse/action";

    /// <summary>All sign-ins of a principal were ended.</summary>
    public const string SignOut = "Carrel.Access/signIn/end/action";

    /// <summary>A person changed the own password.</summary>
    public const string Password = "Carrel.Access/users/password/write";

    /// <summary>A person was made or changed.</summary>
    public const string WriteUser = "Carrel.Access/users/write";

    /// <summary>A person was removed.</summary>
    public const string DeleteUser = "Carrel.Access/users/delete";

    /// <summary>A program was made or changed.</summary>
    public const string WriteProgram = "Carrel.Access/servicePrincipals/write";

    /// <summary>A program was removed.</summary>
    public const string DeleteProgram = "Carrel.Access/servicePrincipals/delete";

    /// <summary>A principal was disabled.</summary>
    public const string Disable = "Carrel.Access/principals/disable/action";

    /// <summary>A principal was enabled.</summary>
    public const string Enable = "Carrel.Access/principals/enable/action";

    /// <summary>A secret was added.</summary>
    public const string WriteSecret = "Carrel.Access/servicePrincipals/secrets/write";

    /// <summary>A secret was removed.</summary>
    public const string DeleteSecret = "Carrel.Access/servicePrincipals/secrets/delete";

    /// <summary>A group was made or changed.</summary>
    public const string WriteGroup = "Carrel.Access/groups/write";

    /// <summary>A group was removed.</summary>
    public const string DeleteGroup = "Carrel.Access/groups/delete";

    /// <summary>A member was added to a group.</summary>
    public const string WriteMember = "Carrel.Access/groups/members/write";

    /// <summary>A member was taken out of a group.</summary>
    public const string DeleteMember = "Carrel.Access/groups/members/delete";

    /// <summary>The directory was read.</summary>
    public const string Read = "Carrel.Access/directory/read";
}
