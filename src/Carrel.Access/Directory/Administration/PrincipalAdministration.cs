namespace Carrel.Access.Directory.Administration;

/// <summary>
/// Changes and removes people and programs: the end of sign-ins, the event. What it changes it carries through: a caller who goes away must not leave a
/// disabled principal with open connections. The store refuses what nobody could mend (<see cref="LastAdministratorException"/>).
/// </summary>
public sealed class PrincipalAdministration(IDirectoryStore directory, SignInsEnd end, DirectoryEvents events, TimeProvider time)
{
    /// <summary>Changes a person or an application. Disabling, a new password and the demand for another one end everything that was signed in before.</summary>
    /// <param name="objectId">Whom.</param>
    /// <param name="change">What; when sign-ins end is decided here.</param>
    /// <param name="name">Name for the event.</param>
    /// <param name="asker">Who asks.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>False for an id that nobody has.</returns>
    public async Task<bool> ChangeAsync(Guid objectId, PrincipalChange change, string name, DirectoryAsker asker, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        bool ends = change.Enabled == false || change.PasswordHash is not null || change.MustChangePassword == true;
        if (!await directory.UpdatePrincipalAsync(objectId, change with { SignInsFrom = ends ? time.GetUtcNow() : null }, CancellationToken.None))
            return false;
        if (ends)
            end.Close(objectId);
        if (change.Enabled is { } enabled)
            await events.ChangedAsync(asker, enabled ? DirectoryActions.Enable : DirectoryActions.Disable, objectId, enabled ? $"{name} was enabled." : $"{name} was disabled; every sign-in was ended.");
        if (Password(change, name) is { } happened)
            await events.ChangedAsync(asker, DirectoryActions.Password, objectId, happened);
        if (change.DisplayName is { } display)
            await events.ChangedAsync(asker, await IsPersonAsync(objectId) ? DirectoryActions.WriteUser : DirectoryActions.WriteProgram, objectId, $"{name} is now shown as {display}.");
        return true;
    }

    /// <summary>Ends every session, token and open connection of a principal, which may sign in again at once.</summary>
    /// <returns>False for an id that nobody has.</returns>
    public async Task<bool> SignOutAsync(Guid objectId, string name, DirectoryAsker asker, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!await directory.UpdatePrincipalAsync(objectId, new PrincipalChange { SignInsFrom = time.GetUtcNow() }, CancellationToken.None))
            return false;
        end.Close(objectId);
        await events.ChangedAsync(asker, DirectoryActions.SignOut, objectId, $"Every sign-in of {name} was ended.");
        return true;
    }

    /// <summary>Removes a person or an application. Instances stay, with an owner whom nobody is any more.</summary>
    /// <returns>False for an id that nobody has.</returns>
    public async Task<bool> DeleteAsync(Guid objectId, string name, DirectoryAsker asker, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        bool person = await IsPersonAsync(objectId);
        if (!await directory.DeletePrincipalAsync(objectId, time.GetUtcNow(), CancellationToken.None))
            return false;
        end.Close(objectId);
        await events.ChangedAsync(asker, person ? DirectoryActions.DeleteUser : DirectoryActions.DeleteProgram, objectId, $"{name} was removed.");
        return true;
    }

    private static string? Password(PrincipalChange change, string name) => (change.PasswordHash, change.MustChangePassword) switch
    {
        ({ }, true) => $"A new password was set for {name}, to be replaced at the next sign-in; every sign-in was ended.",
        ({ }, _) => $"A new password was set for {name}; every sign-in was ended.",
        (null, true) => $"{name} has to choose a new password at the next sign-in; every sign-in was ended.",
        (null, false) => $"{name} need not choose a new password at the next sign-in any more.",
        _ => null,
    };

    private async Task<bool> IsPersonAsync(Guid objectId) => await directory.FindUserAsync(objectId, CancellationToken.None) is not null;
}
