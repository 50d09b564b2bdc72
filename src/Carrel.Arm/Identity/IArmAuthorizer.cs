namespace Carrel.Arm.Identity;

/// <summary>Tells whether a principal may do an action at a scope. Implemented by Access from role assignments (contract 7).</summary>
public interface IArmAuthorizer
{
    /// <summary>Decides one action.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="action">The resource provider operation, such as <c>Microsoft.MachineLearningServices/workspaces/computes/write</c>.</param>
    /// <param name="scope">The resource id, resource group or subscription (<c>/subscriptions/...</c>) or <c>/</c>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<AuthorizationDecision> AuthorizeAsync(Caller caller, string action, string scope, CancellationToken cancellation);
}

/// <summary>The decision and its reason.</summary>
/// <param name="Allowed">Whether the action may go on.</param>
/// <param name="Reason">Which assignment allowed it, or what is missing.</param>
public sealed record AuthorizationDecision(bool Allowed, string Reason);
