using System.Text.Json.Nodes;
using Carrel.Instances.Sizes;

namespace Carrel.Instances.Quota;

/// <summary>Cores that one workspace or compute holds of a family, for the breakdown rows.</summary>
/// <param name="ResourceId">ARM id of the workspace or the compute.</param>
/// <param name="Family">Family name.</param>
/// <param name="Cores">Dedicated cores held.</param>
/// <param name="IsCompute">True for a compute, false for a workspace.</param>
public sealed record UsageShare(string ResourceId, string Family, int Cores, bool IsCompute);

/// <summary>The answer of the usages list (contract 10.4): totals, then every family, then the breakdowns, for any location.</summary>
public static class UsageBody
{
    private const string Namespace = "Microsoft.MachineLearningServices/";

    /// <summary>Writes the answer: a new object at every call; one page.</summary>
    public static JsonObject Write(
        string subscriptionId, VmSizeCatalogue sizes, QuotaUse use, QuotaLimits limits, IEnumerable<UsageShare>? shares = null)
    {
        var root = $"/subscriptions/{subscriptionId}";
        var rows = new JsonArray(
            Row($"{root}/usages", "totalCores/usages", "Clusters", use.ComputeCount, limits.ComputeCount),
            Row($"{root}/usages", "dedicatedCores/usages", "Total Cluster Dedicated Regional vCPUs", use.TotalCores, limits.TotalCores));
        foreach (var family in sizes.Families)
        {
            var used = QuotaRules.Get(use.FamilyCores, family.Name) ?? 0;
            var limit = QuotaRules.Get(limits.FamilyCores, family.Name) ?? family.DefaultDedicatedLimit;
            rows.Add((JsonNode)Row(Id(root, family.DedicatedUsageName), "vmFamily/usages", family.DedicatedUsageName, used, limit));
        }

        foreach (var share in shares ?? [])
        {
            if (sizes.FindFamily(share.Family) is { } family)
            {
                var limit = QuotaRules.Get(limits.FamilyCores, family.Name) ?? family.DefaultDedicatedLimit;
                var type = share.IsCompute ? "workspaces/computes/usages" : "workspaces/usages";
                rows.Add((JsonNode)Row(Id(share.ResourceId, family.DedicatedUsageName), type, family.DedicatedUsageName, share.Cores, limit));
            }
        }

        // Low-priority cores belong to clusters; instances never use them.
        rows.Add((JsonNode)Row(
            $"{root}/usages", "lowPriorityCores/usages", "Total Cluster LowPriority Regional vCPUs", 0, sizes.DefaultTotalLowPriorityCores));
        foreach (var family in sizes.Families)
        {
            rows.Add((JsonNode)Row(
                Id(root, family.LowPriorityUsageName), "vmFamily/usages", family.LowPriorityUsageName, 0, family.DefaultLowPriorityLimit));
        }

        return new JsonObject { ["value"] = rows };
    }

    private static string Id(string scope, string name) => $"{scope}/usages/{name.Replace(' ', '_')}";

    private static JsonObject Row(string id, string type, string name, int used, int limit) => new()
    {
        ["id"] = id,
        ["type"] = Namespace + type,
        ["unit"] = "Count",
        ["currentValue"] = used,
        ["limit"] = limit,
        ["name"] = new JsonObject { ["value"] = name, ["localizedValue"] = name },
    };
}
