namespace Carrel.Access.Directory.Administration;

/// <summary>What came of a change of a principal.</summary>
public enum PrincipalOutcome
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>Nobody has this id.</summary>
    NotFound,

    /// <summary>Nobody could administer the directory afterwards.</summary>
    LastAdministrator,
}

/// <summary>Changes and removes people and programs: the rule of the last administrator, the end of sign-ins, the event.</summary>
public sealed class PrincipalAdministration(
    IDirectoryStore directory, DirectoryRight right, SignInsEnd end, DirectoryEvents events, TimeProvider time) : IDisposable
{
    // Two administrators who disable each other at once must not both be let through.
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Changes a person or an application. Disabling and a new password end everything that was signed in before.</summary>
    /// <param name="objectId">Whom.</param>
    /// <param name="change">What; when sign-ins end is decided here.</param>
    /// <param name="name">Name for the event.</param>
    /// <param name="asker">Who asks.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<PrincipalOutcome> ChangeAsync(
        Guid objectId, PrincipalChange change, string name, DirectoryAsker asker, CancellationToken cancellation)
    {
        bool ends = change.Enabled == false || change.PasswordHash is not null;
        PrincipalOutcome outcome = await RunAsync(
            objectId,
            guarded: change.Enabled == false,
            () => directory.UpdatePrincipalAsync(objectId, change with { SignInsFrom = ends ? time.GetUtcNow() : null }, CancellationToken.None),
            cancellation);
        if (outcome != PrincipalOutcome.Done)
            return outcome;
        if (ends)
            end.Close(objectId);
        if (change.Enabled is { } enabled)
            await events.ChangedAsync(asker, enabled ? DirectoryActions.Enable : DirectoryActions.Disable, objectId, enabled ? $"{name} was enabled." : $"{name} was disabled; every sign-in was ended.");
        if (change.PasswordHash is not null)
            await events.ChangedAsync(asker, DirectoryActions.Password, objectId, $"A new password was set for {name}; every sign-in was ended.");
        if (change.DisplayName is { } display)
            await events.ChangedAsync(asker, await IsPersonAsync(objectId) ? DirectoryActions.WriteUser : DirectoryActions.WriteProgram, objectId, $"{name} is now shown as {display}.");
        return PrincipalOutcome.Done;
    }

    /// <summary>Ends every session, token and open connection of a principal, which may sign in again at once.</summary>
    public async Task<PrincipalOutcome> SignOutAsync(Guid objectId, string name, DirectoryAsker asker, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!await directory.UpdatePrincipalAsync(objectId, new PrincipalChange { SignInsFrom = time.GetUtcNow() }, CancellationToken.None))
            return PrincipalOutcome.NotFound;
        end.Close(objectId);
        await events.ChangedAsync(asker, DirectoryActions.SignOut, objectId, $"Every sign-in of {name} was ended.");
        return PrincipalOutcome.Done;
    }

    /// <summary>Removes a person or an application. Instances stay, with an owner whom nobody is any more.</summary>
    public async Task<PrincipalOutcome> DeleteAsync(Guid objectId, string name, DirectoryAsker asker, CancellationToken cancellation)
    {
        bool person = await IsPersonAsync(objectId);
        PrincipalOutcome outcome = await RunAsync(
            objectId, guarded: true, () => directory.DeletePrincipalAsync(objectId, time.GetUtcNow(), CancellationToken.None), cancellation);
        if (outcome != PrincipalOutcome.Done)
            return outcome;
        end.Close(objectId);
        await events.ChangedAsync(asker, person ? DirectoryActions.DeleteUser : DirectoryActions.DeleteProgram, objectId, $"{name} was removed.");
        return PrincipalOutcome.Done;
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    // Once begun it is carried through: a caller who goes away must not leave a disabled principal with open connections.
    private async Task<PrincipalOutcome> RunAsync(Guid objectId, bool guarded, Func<Task<bool>> change, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            if (guarded && await right.IsLastAsync(objectId, cancellation))
                return PrincipalOutcome.LastAdministrator;
            return await change() ? PrincipalOutcome.Done : PrincipalOutcome.NotFound;
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<bool> IsPersonAsync(Guid objectId) => await directory.FindUserAsync(objectId, CancellationToken.None) is not null;
}
