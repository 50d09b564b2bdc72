using Carrel.AgentProtocol.Identity;

namespace Carrel.Identity.Owners;

/// <summary>What decides whether the owner's credential is there inside an instance.</summary>
/// <param name="SsoEnabled">Single sign-on is on (contract 9.2; of an instance created on behalf with a script or a service it never is).</param>
/// <param name="IsPerson">The owner is a person whom the directory knows.</param>
/// <param name="SignedIn">The owner is signed in to the instance in a browser.</param>
internal sealed record OwnerStanding(bool SsoEnabled, bool IsPerson, bool SignedIn)
{
    /// <summary>Why it is not there; null when it is. Pure.</summary>
    internal IdentityRefusal? Refusal =>
        !SsoEnabled ? new IdentityRefusal(403, "access_denied", "Single sign-on is switched off for this compute instance: its owner can switch it on, or sign in here with 'carrel login'.")
        : !IsPerson ? new IdentityRefusal(403, "access_denied", "The owner of this compute instance is no person who could be signed in.")
        : !SignedIn ? new IdentityRefusal(403, "login_required", "The owner is not signed in: open this compute instance in a browser, or sign in here with 'carrel login'.")
        : null;
}
