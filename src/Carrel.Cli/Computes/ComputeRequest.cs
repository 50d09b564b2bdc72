using System.Text.Json.Nodes;

namespace Carrel.Cli.Computes;

/// <summary>What a file and flags ask for: the body of the PUT without its location, which may have to be asked of the workspace.</summary>
internal sealed record ComputeRequest(string Name, string? Location, JsonObject Body, IReadOnlyList<string> Warnings);

/// <summary>The flags of <c>compute create</c>; each one that is given replaces the value of the file.</summary>
internal sealed record ComputeFlags
{
    /// <summary>--name.</summary>
    public string? Name { get; init; }

    /// <summary>--type.</summary>
    public string? Type { get; init; }

    /// <summary>--size.</summary>
    public string? Size { get; init; }

    /// <summary>--location.</summary>
    public string? Location { get; init; }

    /// <summary>--description.</summary>
    public string? Description { get; init; }

    /// <summary>--identity-type.</summary>
    public string? IdentityType { get; init; }

    /// <summary>--user-assigned-identities.</summary>
    public IReadOnlyList<string> UserAssignedIdentities { get; init; } = [];

    /// <summary>--tags; null when not given.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Tags { get; init; }
}
