using Carrel.Access.Directory;
using Carrel.Arm.Identity;
using Carrel.Gateway.Instances;
using Carrel.Gateway.Opening;

namespace Carrel.Gateway.SecureShell;

/// <summary>
/// Whether an instance may be entered by SSH now. Who it is, the machine finds out by the key, which is its owner's (contract 13.1); so what is asked
/// here is whether the owner may: enabled, and with the role (contract 7.5).
/// </summary>
internal sealed class SecureShellAccess(IDirectoryStore directory, HomeTenant tenant, InstanceAccess access)
{
    /// <summary>Decides.</summary>
    internal async Task<SecureShellDecision> DecideAsync(InstanceRoute route, CancellationToken cancellation)
    {
        if (await OwnerAsync(route.Owner, cancellation) is not { } owner)
            return new SecureShellDecision(null, "Its owner is disabled or removed.");
        return await access.HasRoleAsync(owner, route, cancellation)
            ? new SecureShellDecision(owner, null)
            : new SecureShellDecision(owner, "Its owner has no role that opens its applications.");
    }

    // The owner as a caller; null when there is none that may act.
    private async Task<Caller?> OwnerAsync(Guid objectId, CancellationToken cancellation)
    {
        if (await directory.FindUserAsync(objectId, cancellation) is { } person)
            return person.Enabled ? tenant.CallerOf(person) : null;
        return await directory.FindServicePrincipalByObjectIdAsync(objectId, cancellation) is { Enabled: true } program
            ? new Caller(tenant.Value.Id, objectId, program.ClientId, program.ClientId.ToString("D"), program.Kind)
            : null;
    }
}

/// <summary>Whether an instance may be entered, and why not.</summary>
/// <param name="Owner">The owner; null when nobody may act as such.</param>
/// <param name="Refusal">A sentence, or null: it may.</param>
internal sealed record SecureShellDecision(Caller? Owner, string? Refusal);
