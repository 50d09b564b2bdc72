using Carrel.Access.Tokens;
using Carrel.AgentProtocol.Identity;
using Carrel.Arm.Identity;
using Carrel.Engine.Storage;
using Carrel.Instances.Resources;
using Microsoft.Extensions.Logging;

namespace Carrel.Identity.Tokens;

/// <summary>
/// Gives instances tokens of the identities that are assigned to them at this moment. The same token is given again until five minutes before its
/// end (contract 9.3); it is remembered here and not in machines, so that an identity that is taken away gives none from then on.
/// </summary>
internal sealed partial class IdentityTokens(
    IEngineStore store, TokenIssuer issuer, Audiences audiences, TokenMemory memory, IssueLimits limits, ILogger<IdentityTokens> logger)
{
    /// <summary>Answers a question of an instance.</summary>
    /// <param name="instanceUid">The instance that asks; null when nobody is known to.</param>
    /// <param name="question">What it asks.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal async Task<IdentityAnswer> AnswerAsync(Guid? instanceUid, IdentityQuestion question, CancellationToken cancellation)
    {
        try
        {
            IReadOnlyList<AssignedIdentity> assigned = instanceUid is { } uid
                ? await store.ReadAsync(view => view.FindInstance(uid) is { } instance ? view.ListIdentitiesOf(instance) : [], cancellation)
                : [];
            IdentityChoice choice = IdentityChoice.Of(question, assigned, audiences.Know);
            if (choice.Identity is not { } identity)
                return new IdentityAnswer(null, choice.Refusal);
            if (memory.Find(instanceUid!.Value, identity, question.Resource) is { } known)
                return new IdentityAnswer(new IdentityToken(known, identity, question.Resource), null);
            if (!limits.MayIssue(instanceUid.Value))
                return new IdentityAnswer(null, IdentityRefusal.Throttled);
            IssuedToken issued = issuer.Issue(new TokenRequest(
                identity.PrincipalId, CallerKind.ManagedIdentity, question.Resource, identity.ClientId.ToString("D"), ResourceId: identity.ResourceId));
            memory.Keep(instanceUid.Value, identity, question.Resource, issued);
            return new IdentityAnswer(new IdentityToken(issued, identity, question.Resource), null);
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            LogFailed(instanceUid, fault);
            return new IdentityAnswer(null, IdentityRefusal.Failed);
        }
    }

    [LoggerMessage(1401, LogLevel.Error, "A token for instance {Instance} could not be issued")]
    private partial void LogFailed(Guid? instance, Exception fault);
}
