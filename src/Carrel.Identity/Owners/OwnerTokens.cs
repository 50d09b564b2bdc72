using System.Globalization;
using System.Text.Json.Nodes;
using Carrel.Access.Directory;
using Carrel.Access.SignIn;
using Carrel.Access.Tokens;
using Carrel.AgentProtocol.Identity;
using Carrel.Arm.Identity;
using Carrel.Engine.Storage;
using Carrel.Identity.Tokens;
using Carrel.Instances.Resources;

namespace Carrel.Identity.Owners;

/// <summary>
/// Single sign-on inside an instance (contract 9.2): tokens of the owner, for ten minutes, as long as the owner is signed in to the instance. At
/// each use it is asked again whether single sign-on is on and the owner is signed in, so a token is worth nothing from the moment either ends.
/// </summary>
internal sealed class OwnerTokens(
    IEngineStore store, IDirectoryStore directory, Sessions sessions, TokenIssuer issuer, Audiences audiences, IssueLimits limits) : ITokenGrants
{
    /// <summary>How long a token is good.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private const string GrantOfInstance = "instance:";

    /// <summary>Answers an instance that asks for its owner's token.</summary>
    /// <returns>The body of the token, or the refusal; exactly one of the two.</returns>
    internal async Task<(JsonObject? Token, IdentityRefusal? Refusal)> AnswerAsync(Guid instanceUid, string resource, CancellationToken cancellation)
    {
        ComputeInstance? instance = await store.ReadAsync(view => view.FindInstance(instanceUid), cancellation);
        DirectoryUser? owner = instance is null ? null : await directory.FindUserAsync(instance.Owner, cancellation);
        if ((await StandingAsync(instance, owner, cancellation)).Refusal is { } refusal)
            return (null, refusal);
        if (!audiences.Know(resource))
            return (null, IdentityRefusal.UnknownResource(resource));
        if (!limits.MayIssue(instanceUid))
            return (null, IdentityRefusal.Throttled);
        IssuedToken token = issuer.Issue(new TokenRequest(
            owner!.ObjectId, CallerKind.User, resource, InsideClient, owner.UserName, owner.DisplayName, GrantOfInstance + instanceUid.ToString("D")) { Lifetime = Lifetime });
        return (new JsonObject
        {
            ["access_token"] = token.Value,
            ["expires_on"] = token.ExpiresAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            ["resource"] = resource,
            ["token_type"] = "Bearer",
            ["user"] = owner.UserName,
            // So that a client can tell a server that only pretends to be ours from the one that gave the token.
            ["server"] = audiences.Default,
        }, null);
    }

    /// <summary>Client id under which instances get tokens of their owners.</summary>
    internal const string InsideClient = "c4a77e10-0000-4000-8000-0000000000c2";

    /// <inheritdoc/>
    public async ValueTask<bool> HoldsAsync(string grantId, Guid objectId, CancellationToken cancellation)
    {
        if (!grantId.StartsWith(GrantOfInstance, StringComparison.Ordinal))
            return true;
        if (!Guid.TryParse(grantId.AsSpan(GrantOfInstance.Length), out Guid uid)
            || await store.ReadAsync(view => view.FindInstance(uid), cancellation) is not { } instance
            || instance.Owner != objectId)
            return false;
        return (await StandingAsync(instance, await directory.FindUserAsync(objectId, cancellation), cancellation)).Refusal is null;
    }

    private async Task<OwnerStanding> StandingAsync(ComputeInstance? instance, DirectoryUser? owner, CancellationToken cancellation) => new(
        instance?.Model.EnableSso == true,
        owner is { Enabled: true },
        instance is not null && owner is not null && await sessions.IsSignedInAsync(instance.Uid.ToString("D"), owner.ObjectId, cancellation));
}
