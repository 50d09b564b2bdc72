using Carrel.Arm.Identity;

namespace Carrel.Access.Directory;

/// <summary>The tenant of this installation, loaded once before the server listens.</summary>
public sealed class HomeTenant
{
    // Written once at start, before the first request.
    private volatile Tenant? _tenant;

    /// <summary>The tenant.</summary>
    /// <exception cref="InvalidOperationException">The first start has not run yet.</exception>
    public Tenant Value => _tenant ?? throw new InvalidOperationException("The tenant is not loaded: run FirstStart before listening.");

    /// <summary>Whether an authority address' first segment means this tenant (wire contract 2.1).</summary>
    public bool Answers(string segment) =>
        (Guid.TryParseExact(segment, "D", out Guid id) && id == Value.Id)
        || segment.Equals("common", StringComparison.OrdinalIgnoreCase)
        || segment.Equals("organizations", StringComparison.OrdinalIgnoreCase)
        || segment.Equals(Value.Domain, StringComparison.OrdinalIgnoreCase);

    /// <summary>A person of this tenant as the caller of a request.</summary>
    public Caller CallerOf(DirectoryUser person) => new(Value.Id, person.ObjectId, null, person.UserName, CallerKind.User);

    internal void Load(Tenant tenant) => _tenant = tenant;
}
