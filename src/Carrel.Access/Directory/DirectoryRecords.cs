using Carrel.Arm.Identity;

namespace Carrel.Access.Directory;

/// <summary>The one tenant of an installation.</summary>
/// <param name="Id">Tenant id.</param>
/// <param name="Domain">The part of sign-in names behind the at sign; may stand for the id in authority addresses.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record Tenant(Guid Id, string Domain, DateTimeOffset CreatedAt);

/// <summary>A person.</summary>
/// <param name="ObjectId">The identity that roles and ownership refer to.</param>
/// <param name="UserName">Sign-in name, <c>ann@carrel.local</c>; unique ignoring case.</param>
/// <param name="DisplayName">Name for people.</param>
/// <param name="PasswordHash">ASP.NET Core Identity's version 3 hash.</param>
/// <param name="CreatedAt">When the person was added.</param>
public sealed record DirectoryUser(Guid ObjectId, string UserName, string DisplayName, string PasswordHash, DateTimeOffset CreatedAt)
{
    /// <summary>Whether the person may sign in.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>What was signed in or issued before this instant is over.</summary>
    public DateTimeOffset SignInsFrom { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>Whether the password was given by somebody else and has to be replaced at the next sign-in; until then nothing is signed in.</summary>
    public bool MustChangePassword { get; init; }

    /// <summary>Whether the person may be signed in: nobody gets a session, a code or a token for anybody else.</summary>
    public bool MaySignIn => Enabled && !MustChangePassword;

    /// <summary>Whether a sign-in of this instant is still good.</summary>
    public bool Honours(DateTimeOffset signedInAt) => MaySignIn && signedInAt >= SignInsFrom;
}

/// <summary>A program with an identity: an application's service principal or a managed identity.</summary>
/// <param name="ObjectId">The identity that roles and ownership refer to.</param>
/// <param name="ClientId">Application id.</param>
/// <param name="DisplayName">Name for people.</param>
/// <param name="Kind"><see cref="CallerKind.Application"/> or <see cref="CallerKind.ManagedIdentity"/>.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record ServicePrincipal(Guid ObjectId, Guid ClientId, string DisplayName, CallerKind Kind, DateTimeOffset CreatedAt)
{
    /// <summary>Whether the program gets tokens.</summary>
    public bool Enabled { get; init; } = true;
}

/// <summary>One of the secrets of a service principal; the secret itself is kept nowhere.</summary>
/// <param name="Id">Names the secret in lists.</param>
/// <param name="ClientId">Application it belongs to.</param>
/// <param name="Hash">Lower-case hex SHA-256 of the secret.</param>
/// <param name="ExpiresAt">From then on it is refused.</param>
public sealed record ClientSecret(Guid Id, Guid ClientId, string Hash, DateTimeOffset ExpiresAt)
{
    /// <summary>Name for people; may be empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its first characters, to tell secrets apart; empty for the oldest.</summary>
    public string Hint { get; init; } = "";

    /// <summary>When it was made; the Unix epoch for the oldest.</summary>
    public DateTimeOffset CreatedAt { get; init; } = DateTimeOffset.UnixEpoch;
}

/// <summary>A group of principals: people, programs and other groups.</summary>
/// <param name="ObjectId">The identity that role assignments refer to.</param>
/// <param name="DisplayName">Name for people; unique ignoring case.</param>
/// <param name="Description">What it is for, or null.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record DirectoryGroup(Guid ObjectId, string DisplayName, string? Description, DateTimeOffset CreatedAt);

/// <summary>What is to change about a principal; null leaves as it is.</summary>
public sealed record PrincipalChange
{
    /// <summary>New name for people.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Whether it may act.</summary>
    public bool? Enabled { get; init; }

    /// <summary>New password hash; of a person.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>The hash that was proven, where the person has: somebody else's new password, set meanwhile, is not replaced.</summary>
    public string? ProvenHash { get; init; }

    /// <summary>Whether the person has to choose a new password at the next sign-in.</summary>
    public bool? MustChangePassword { get; init; }

    /// <summary>From when on sign-ins and tokens count: ends all earlier ones, sessions and refresh tokens included. Null ends nothing.</summary>
    public DateTimeOffset? SignInsFrom { get; init; }
}
