namespace Carrel.Access;

/// <summary>What the operator says about Carrel's authority and its studio origin.</summary>
public sealed record AccessOptions
{
    /// <summary>The public origin, such as <c>https://localhost:8443</c>: authority, ARM and studio. No path, no trailing slash.</summary>
    public required Uri PublicUrl { get; init; }

    /// <summary>The data folder; signing keys are kept in <c>keys</c> below it.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The subscription of this installation, used for the right to manage people.</summary>
    public required Guid SubscriptionId { get; init; }

    /// <summary>Base domain of Carrel's own host names; the metadata document's portal is <c>studio.</c> below it.</summary>
    public string Domain { get; init; } = "carrel.localhost";

    /// <summary>Name of the cloud in the metadata document.</summary>
    public string CloudName { get; init; } = "Carrel";

    /// <summary>Further audiences that tokens may be issued for; ARM's own are always there.</summary>
    public IReadOnlyList<string> AdditionalAudiences { get; init; } = [];

    /// <summary>The public origin as text, without a trailing slash.</summary>
    public string Origin => PublicUrl.GetLeftPart(UriPartial.Authority);

    /// <summary><c>:8443</c>, or nothing when the port is the scheme's own.</summary>
    internal string PortSuffix => PublicUrl.IsDefaultPort ? "" : $":{PublicUrl.Port}";
}
