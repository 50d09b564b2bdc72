using System.Collections.Concurrent;
using Carrel.Access.Tokens;
using Carrel.Instances.Resources;

namespace Carrel.Identity.Tokens;

/// <summary>Tokens that were given and are good for at least five more minutes. Losing it costs signatures, nothing else.</summary>
internal sealed class TokenMemory(TimeProvider time)
{
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(5);
    private const int Most = 5_000;

    // The key holds the resource exactly as asked, because the token does.
    private readonly ConcurrentDictionary<(Guid Instance, Guid Principal, string Resource), IssuedToken> _tokens = new();

    internal IssuedToken? Find(Guid instance, AssignedIdentity identity, string resource) =>
        _tokens.TryGetValue((instance, identity.PrincipalId, resource), out IssuedToken? known) && known.ExpiresAt - time.GetUtcNow() > Rest ? known : null;

    internal void Keep(Guid instance, AssignedIdentity identity, string resource, IssuedToken token)
    {
        // A resource can be written in many ways; whoever tries them all must not fill the memory.
        if (_tokens.Count >= Most)
            _tokens.Clear();
        _tokens[(instance, identity.PrincipalId, resource)] = token;
    }
}
