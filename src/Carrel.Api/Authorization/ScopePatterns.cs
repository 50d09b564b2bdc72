using Carrel.Arm.Pipeline;

namespace Carrel.Api.Authorization;

/// <summary>The scopes at which roles are written and given, as prefixes of paths (contract 7.1): everything, subscription, group, and any resource.</summary>
internal static class ScopePatterns
{
    internal const string Provider = "/providers/Microsoft.Authorization";

    private const string Resource = Patterns.ResourceGroup + "/providers/{resourceNamespace}/{resourceType}/{resourceName}";

    internal static IReadOnlyList<string> All { get; } =
        ["", Patterns.Subscription, Patterns.ResourceGroup, Resource, Resource + "/{childType}/{childName}"];

    /// <summary>The scope of the path: what stands before its last provider.</summary>
    internal static string Of(ArmRequest request)
    {
        string path = request.Http.Request.Path.Value ?? "";
        int cut = path.LastIndexOf("/providers/", StringComparison.OrdinalIgnoreCase);
        return cut <= 0 ? "/" : path[..cut];
    }
}
