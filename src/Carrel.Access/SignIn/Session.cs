namespace Carrel.Access.SignIn;

/// <summary>Which origin a session belongs to.</summary>
public enum SessionKind
{
    /// <summary>The studio's own origin.</summary>
    Studio,

    /// <summary>The origins of one instance.</summary>
    Instance,
}

/// <summary>A browser that somebody signed in with. The token itself is in the browser's cookie alone.</summary>
/// <param name="Id">Names the session in lists and logs; opens nothing.</param>
/// <param name="TokenHash">Lower-case hex SHA-256 of the cookie's token.</param>
/// <param name="Kind">Which origin it is for.</param>
/// <param name="InstanceUid">Unique id of the instance; null for the studio.</param>
/// <param name="UserObjectId">Who.</param>
/// <param name="CreatedAt">When it began; it ends at the latest <see cref="Sessions.LongestLife"/> later.</param>
/// <param name="LastSeenAt">Last use known, to about <see cref="Sessions.SeenStep"/>.</param>
/// <param name="ParentId">The studio session an instance session came from; ends with it.</param>
/// <param name="GrantId">The code an instance session came from; ends when that code is replayed.</param>
public sealed record Session(
    Guid Id,
    string TokenHash,
    SessionKind Kind,
    string? InstanceUid,
    Guid UserObjectId,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastSeenAt,
    Guid? ParentId,
    string? GrantId);
