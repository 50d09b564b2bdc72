using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Carrel.Arm.Pipeline;

/// <summary>Registers tables of operations. Routing compares literals ignoring case (wire 1.3).</summary>
public static class ArmRoutes
{
    /// <summary>
    /// Maps every operation, a 405 for other methods of the same paths, and a 404 for every other path below <c>/subscriptions</c> and
    /// <c>/providers</c>; all of them answer in the ARM envelope and after the same checks.
    /// </summary>
    public static void MapArm(this IEndpointRouteBuilder endpoints, ArmPipeline pipeline, IEnumerable<ArmOperation> operations)
    {
        foreach (IGrouping<string, ArmOperation> path in operations.GroupBy(operation => operation.Pattern, StringComparer.OrdinalIgnoreCase))
        {
            Dictionary<string, ArmOperation> byMethod = path.ToDictionary(operation => operation.Method, StringComparer.OrdinalIgnoreCase);
            string[] allowed = [.. byMethod.Keys.Order(StringComparer.Ordinal)];
            endpoints.Map(path.Key, http => byMethod.TryGetValue(http.Request.Method, out ArmOperation? operation)
                    ? pipeline.RunAsync(http, operation)
                    : pipeline.RefuseMethodAsync(http, allowed))
                .WithMetadata(new ArmOperations([.. path]));
        }

        foreach (string root in new[] { "/subscriptions/{**rest}", "/providers/{**rest}", "/tenants/{**rest}" })
            endpoints.Map(root, pipeline.RefusePathAsync);
    }
}

/// <summary>The operations behind an endpoint, so that a test can walk every route and see that each names its action.</summary>
/// <param name="All">One per method.</param>
public sealed record ArmOperations(IReadOnlyList<ArmOperation> All);
