namespace Carrel.Access.Directory;

/// <summary>How a principal stands now.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Enabled">Whether it may act: it is not disabled, and a person has no password to replace first.</param>
/// <param name="SignInsFrom">What was signed in or issued before this instant is over.</param>
public sealed record PrincipalStanding(PrincipalType Type, bool Enabled, DateTimeOffset SignInsFrom)
{
    /// <summary>Whether it is the identity of a resource, which goes with the resource.</summary>
    public bool IsManagedIdentity { get; init; }

    /// <summary>Whether a token that was issued at this instant still speaks for it. A group never acts.</summary>
    public bool Honours(DateTimeOffset issuedAt) => Enabled && Type != PrincipalType.Group && issuedAt >= SignInsFrom;
}

/// <summary>
/// Tells whether principals may act. Asked about every token of every request, so an implementation may answer from memory, never from the past.
/// </summary>
public interface IPrincipalStandings
{
    /// <summary>How a principal stands, or null when the directory does not know it (any more).</summary>
    ValueTask<PrincipalStanding?> FindAsync(Guid objectId, CancellationToken cancellation);
}
