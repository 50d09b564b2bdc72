namespace Carrel.Api;

/// <summary>What the resource answers need to know of the installation.</summary>
public sealed record ApiOptions
{
    /// <summary>The one tenant.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The one subscription.</summary>
    public required Guid SubscriptionId { get; init; }

    /// <summary>Readable name of the subscription.</summary>
    public required string SubscriptionName { get; init; }

    /// <summary>Origin under which clients reach the server, without a final slash.</summary>
    public required string PublicUrl { get; init; }

    /// <summary>Makes the origin of an instance from its name and location, such as <c>https://NAME.LOCATION.instances.localhost:8443</c>.</summary>
    public required Func<string, string, string> InstanceUrl { get; init; }

    /// <summary>Configured location labels (contract 1.8).</summary>
    public IReadOnlyList<string> Locations { get; init; } = ["local"];
}
