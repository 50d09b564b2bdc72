using Carrel.Access.Directory.Administration;
using Microsoft.AspNetCore.Http;

namespace Carrel.Access.Directory;

/// <summary>
/// A person changes the own password: with the current one, which counts towards the lock-out like any sign-in, so that a stolen session or token does
/// not turn into the account. Everything that was signed in before ends.
/// </summary>
public sealed class PasswordChange(PasswordSignIn passwords, IDirectoryStore directory, SignInsEnd end, DirectoryEvents events, TimeProvider time)
{
    /// <summary>Changes it.</summary>
    /// <param name="person">Whose.</param>
    /// <param name="current">The current password.</param>
    /// <param name="wanted">The new one.</param>
    /// <param name="context">The request; only for what the event says of it.</param>
    /// <returns>What is wrong, or null: it is changed, and everybody has to sign in again.</returns>
    public async Task<string?> ChangeAsync(DirectoryUser person, string current, string? wanted, HttpContext context)
    {
        if (UserNames.PasswordFault(wanted) is { } fault)
            return "The new password " + fault;
        if (wanted == current)
            return "The new password has to be another one than the current.";
        string agent = context.Request.Headers.UserAgent.ToString();
        if (await passwords.SignInAsync(person.UserName, current, context.RequestAborted) is not { } proven || proven.ObjectId != person.ObjectId)
        {
            await events.RefusedAsync(events.Of(person), person.UserName, DirectoryActions.Password, "The current password that was given is wrong, or the name is locked.", agent);
            return "The current password is not right. After five wrong passwords sign-in is locked for five minutes.";
        }

        var change = new PrincipalChange { PasswordHash = PasswordSignIn.HashPassword(wanted!), SignInsFrom = time.GetUtcNow() };
        await directory.UpdatePrincipalAsync(person.ObjectId, change, CancellationToken.None);
        end.Close(person.ObjectId);
        await events.SignedInAsync(person, DirectoryActions.Password, "The person changed the password; every earlier sign-in was ended.", agent);
        return null;
    }
}
