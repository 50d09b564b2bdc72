using Microsoft.AspNetCore.Identity;

namespace Carrel.Access.Directory;

/// <summary>
/// Checks a person's password. Unknown names, wrong passwords, locked and disabled accounts take the same steps and get the same answer, so that
/// nobody learns which names exist.
/// </summary>
public sealed class PasswordSignIn(IDirectoryStore directory, TimeProvider time)
{
    /// <summary>The one message of every refusal.</summary>
    public const string Refusal = "The user name or the password is not right. After five wrong passwords sign-in is locked for five minutes.";

    // Longer input would only buy an attacker our processor time.
    private const int LongestInput = 256;

    private static readonly PasswordHasher<DirectoryUser> Hasher = new();
    private static readonly DirectoryUser Nobody = new(Guid.Empty, "", "", "", default);
    private static readonly string NobodysHash = Hasher.HashPassword(Nobody, ClientSecrets.Create());

    /// <summary>Hashes a password for storage.</summary>
    public static string HashPassword(string password) => Hasher.HashPassword(Nobody, password);

    /// <summary>Checks name and password.</summary>
    /// <returns>The person, or null: say <see cref="Refusal"/> then.</returns>
    public async Task<DirectoryUser?> SignInAsync(string userName, string password, CancellationToken cancellation) =>
        (await CheckAsync(userName, password, cancellation)).User;

    /// <summary>Checks name and password, and says for the audit trail why not. Nothing of the reason may reach whoever tries.</summary>
    public async Task<PasswordCheck> CheckAsync(string userName, string password, CancellationToken cancellation)
    {
        bool sound = userName.Length is > 0 and <= LongestInput && password.Length is > 0 and <= LongestInput;
        DirectoryUser? user = sound ? await directory.FindUserByNameAsync(userName.Trim(), cancellation) : null;
        Guid counted = user?.ObjectId ?? Guid.Empty;

        SignInAttempt attempt = await directory.BeginSignInAsync(counted, time.GetUtcNow(), LockOut.Default, cancellation);
        bool eligible = user is { Enabled: true } && attempt.Allowed;
        PasswordVerificationResult result = Hasher.VerifyHashedPassword(
            user ?? Nobody, eligible ? user!.PasswordHash : NobodysHash, sound ? password : "");
        if (!eligible || result == PasswordVerificationResult.Failed)
            return new PasswordCheck(null, user, Reason(user, attempt), attempt.Allowed && attempt.LockedUntil is not null);

        await directory.RecordSignInAsync(user!.ObjectId, time.GetUtcNow(), cancellation);
        if (result == PasswordVerificationResult.SuccessRehashNeeded)
        {
            string hash = HashPassword(password);
            await directory.ReplacePasswordHashAsync(user.ObjectId, user.PasswordHash, hash, cancellation);
            user = user with { PasswordHash = hash };
        }

        return new PasswordCheck(user, user, "", false);
    }

    private static string Reason(DirectoryUser? user, SignInAttempt attempt) =>
        user is null ? "Nobody has this name."
        : !attempt.Allowed ? "The name is locked after wrong passwords."
        : !user.Enabled ? "The person is disabled."
        : attempt.LockedUntil is not null ? "The password is wrong; the name is locked for five minutes."
        : "The password is wrong.";
}

/// <summary>What a check of a password gave.</summary>
/// <param name="User">The person who proved to be it, or null. Look at <see cref="DirectoryUser.MustChangePassword"/> before anything is signed in.</param>
/// <param name="Named">The person of the name that was given, or null for a name that nobody has.</param>
/// <param name="Reason">Why not, in a sentence for the audit trail; empty when it is right.</param>
/// <param name="Locks">Whether this attempt locked the name.</param>
public sealed record PasswordCheck(DirectoryUser? User, DirectoryUser? Named, string Reason, bool Locks);
