namespace Carrel.Engine.Commands;

/// <summary>
/// What of the resources that a body names the caller may attach to an instance: user-assigned identities and subnets have permissions of their
/// own (contract 7.4). Asked before the transaction, held inside it: what nobody asked about is refused.
/// </summary>
/// <param name="Allowed">Ids that may be attached, ignoring case.</param>
/// <param name="Refusal">The sentence that refuses another id.</param>
public sealed record LinkedAccess(IReadOnlySet<string> Allowed, Func<string, string> Refusal)
{
    /// <summary>Nothing may be attached: for calls that attach nothing.</summary>
    public static LinkedAccess None { get; } = new(new HashSet<string>(), id => $"This call attaches nothing, and '{id}' neither.");

    /// <exception cref="RefusedException">403 <c>LinkedAuthorizationFailed</c>.</exception>
    internal void Require(string id)
    {
        if (!Allowed.Contains(id))
            throw new RefusedException(RefusalKind.Forbidden, "LinkedAuthorizationFailed", Refusal(id), id);
    }
}
