using System.Collections.Concurrent;
using Carrel.Engine.Idle;

namespace Carrel.TestKit.Engines;

/// <summary>Identities that a test has made Contributor of their workspace.</summary>
public sealed class ScriptedContributors : IContributorRights
{
    private readonly ConcurrentDictionary<Guid, bool> _granted = new();

    /// <summary>Every question that was asked.</summary>
    public ConcurrentQueue<(Guid Principal, string Scope)> Asked { get; } = new();

    /// <summary>Makes a principal Contributor.</summary>
    public void Grant(Guid principal) => _granted[principal] = true;

    /// <summary>Takes it away again.</summary>
    public void Revoke(Guid principal) => _granted.TryRemove(principal, out _);

    /// <inheritdoc/>
    public ValueTask<bool> IsContributorAsync(Guid principalId, string scope, CancellationToken cancellation)
    {
        Asked.Enqueue((principalId, scope));
        return ValueTask.FromResult(_granted.ContainsKey(principalId));
    }
}
