using Carrel.AgentProtocol.Identity;
using Carrel.Instances.Resources;

namespace Carrel.Identity.Tokens;

/// <summary>Which identity a question means, or why it gets none; exactly one of the two.</summary>
/// <param name="Identity">The identity.</param>
/// <param name="Refusal">The refusal.</param>
internal sealed record IdentityChoice(AssignedIdentity? Identity, IdentityRefusal? Refusal)
{
    /// <summary>Chooses among the identities of one instance (contract 9.3). Pure.</summary>
    /// <param name="question">The question.</param>
    /// <param name="assigned">Identities assigned to the instance that asks, the default one first; none when nobody is known to ask.</param>
    /// <param name="knows">Whether the tenant knows a resource.</param>
    internal static IdentityChoice Of(IdentityQuestion question, IReadOnlyList<AssignedIdentity> assigned, Func<string, bool> knows)
    {
        if (assigned.Count == 0)
            return Refused("No managed identity is assigned to this compute instance.");
        AssignedIdentity? chosen = question.Selector switch
        {
            IdentitySelector.Default => assigned[0],
            IdentitySelector.ClientId => assigned.FirstOrDefault(identity => Is(identity.ClientId, question.Named)),
            IdentitySelector.ObjectId => assigned.FirstOrDefault(identity => Is(identity.PrincipalId, question.Named)),
            IdentitySelector.ResourceId => assigned.FirstOrDefault(identity => identity.ResourceId.Equals(question.Named?.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)),
            _ => null,
        };
        if (chosen is null)
            return Refused("The identity that was asked for is not assigned to this compute instance.");
        return knows(question.Resource) ? new IdentityChoice(chosen, null) : new IdentityChoice(null, IdentityRefusal.UnknownResource(question.Resource));
    }

    private static bool Is(Guid id, string? named) => Guid.TryParse(named, out Guid asked) && asked == id;

    private static IdentityChoice Refused(string description) => new(null, IdentityRefusal.InvalidRequest(description));
}
