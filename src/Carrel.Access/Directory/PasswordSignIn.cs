using Microsoft.AspNetCore.Identity;

namespace Carrel.Access.Directory;

/// <summary>
/// Checks a person's password. Unknown names, wrong passwords and locked accounts take the same steps and get the same answer, so that
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
    public async Task<DirectoryUser?> SignInAsync(string userName, string password, CancellationToken cancellation)
    {
        bool sound = userName.Length is > 0 and <= LongestInput && password.Length is > 0 and <= LongestInput;
        DirectoryUser? user = sound ? await directory.FindUserByNameAsync(userName.Trim(), cancellation) : null;
        Guid counted = user?.ObjectId ?? Guid.Empty;

        SignInAttempt attempt = await directory.BeginSignInAsync(counted, time.GetUtcNow(), LockOut.Default, cancellation);
        bool eligible = user is not null && attempt.Allowed;
        PasswordVerificationResult result = Hasher.VerifyHashedPassword(
            user ?? Nobody, eligible ? user!.PasswordHash : NobodysHash, sound ? password : "");
        if (!eligible || result == PasswordVerificationResult.Failed)
            return null;

        await directory.RecordSignInAsync(user!.ObjectId, time.GetUtcNow(), cancellation);
        if (result == PasswordVerificationResult.SuccessRehashNeeded)
            await directory.ReplacePasswordHashAsync(user.ObjectId, user.PasswordHash, HashPassword(password), cancellation);
        return user;
    }
}
