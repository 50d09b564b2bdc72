using Carrel.Access.Directory.Administration;
using Microsoft.AspNetCore.Http;

namespace Carrel.Access.Directory;

/// <summary>What came of it.</summary>
/// <param name="User">The person whose password is changed, or null.</param>
/// <param name="Fault">What is wrong; null when it is changed.</param>
public sealed record PasswordChangeOutcome(DirectoryUser? User, string? Fault);

/// <summary>
/// A person changes the own password: with the current one, which counts towards the lock-out like any sign-in, so that a stolen session or token does
/// not turn into the account. Everything that was signed in before ends.
/// </summary>
public sealed class PasswordChange(PasswordSignIn passwords, IDirectoryStore directory, SignInsEnd end, DirectoryEvents events, TimeProvider time)
{
    /// <summary>Changes it.</summary>
    /// <param name="userName">Whose. A name that nobody has gets the same answer as a wrong password.</param>
    /// <param name="current">The current password.</param>
    /// <param name="wanted">The new one.</param>
    /// <param name="context">The request; only for what the event says of it.</param>
    public async Task<PasswordChangeOutcome> ChangeAsync(string userName, string current, string? wanted, HttpContext context)
    {
        if (UserNames.PasswordFault(wanted) is { } fault)
            return Refuse("The new password " + fault);
        if (wanted == current)
            return Refuse("The new password has to be another one than the current.");
        string agent = context.Request.Headers.UserAgent.ToString();
        PasswordCheck check = await passwords.CheckAsync(userName, current, context.RequestAborted);
        if (check.User is not { } person)
        {
            await events.RefusedAsync(
                check.Named is { } named ? events.Of(named) : null, userName.Trim(), check.Locks ? DirectoryActions.Lock : DirectoryActions.Password, "No new password: " + check.Reason, agent);
            return Refuse("The current password is not right. After five wrong passwords sign-in is locked for five minutes.");
        }

        var change = new PrincipalChange
        {
            PasswordHash = PasswordSignIn.HashPassword(wanted!), ProvenHash = person.PasswordHash, MustChangePassword = false, SignInsFrom = time.GetUtcNow(),
        };
        if (!await directory.UpdatePrincipalAsync(person.ObjectId, change, CancellationToken.None))
            return Refuse("Somebody else has set a new password meanwhile: sign in with that one.");
        end.Close(person.ObjectId);
        await events.SignedInAsync(person, DirectoryActions.Password, "The person changed the password; every earlier sign-in was ended.", agent);
        return new PasswordChangeOutcome(person, null);
    }

    private static PasswordChangeOutcome Refuse(string fault) => new(null, fault);
}
