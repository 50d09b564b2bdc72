using System.Text.Json.Nodes;
using Carrel.Instances.Sizes;

namespace Carrel.Instances.Quota;

/// <summary>Cores that one workspace or compute holds of a family, for the breakdown rows.</summary>
/// <param name="ResourceId">ARM id of the workspace or the compute.</param>
/// <param name="Family">Family name.</param>
/// <param name="Cores">Dedicated cores held.</param>
/// <param name="IsCompute">True for a compute, false for a workspace.</param>
/// <param name="Limit">The workspace's own limit, or null when it shares the subscription's.</param>
public sealed record UsageShare(string ResourceId, string Family, int Cores, bool IsCompute, int? Limit = null);

/// <summary>The answers of the usage lists (contract 10.4): totals, then every family, then the breakdowns, for any location; one page.</summary>
public static class UsageBody
{
    /// <summary>The list of a location: a new object at every call.</summary>
    public static JsonObject Write(
        string subscriptionId, VmSizeCatalogue sizes, QuotaUse use, QuotaLimits limits, IEnumerable<UsageShare>? shares = null, string? location = null)
    {
        var root = $"/subscriptions/{subscriptionId}";
        var rows = new JsonArray(
            Row($"{root}/usages", "totalCores/usages", QuotaWords.Clusters, use.ComputeCount, limits.ComputeCount),
            Row($"{root}/usages", "dedicatedCores/usages", QuotaWords.TotalDedicated, use.TotalCores, limits.TotalCores));
        foreach (var family in sizes.Families)
        {
            var used = QuotaRules.Get(use.FamilyCores, family.Name) ?? 0;
            rows.Add((JsonNode)Row(Id(root, family.DedicatedUsageName), "vmFamily/usages", family.DedicatedUsageName, used, limits.Family(family.Name)));
        }

        AddShares(rows, sizes, limits, shares ?? [], location);

        // Low-priority cores belong to clusters; instances never use them.
        rows.Add((JsonNode)Row($"{root}/usages", "lowPriorityCores/usages", QuotaWords.TotalLowPriority, 0, limits.TotalLowPriorityCores));
        foreach (var family in sizes.Families)
        {
            rows.Add((JsonNode)Row(
                Id(root, family.LowPriorityUsageName), "vmFamily/usages", family.LowPriorityUsageName, 0, family.DefaultLowPriorityLimit));
        }

        return new JsonObject { ["value"] = rows };
    }

    /// <summary>The list of one workspace: every family, then its computes.</summary>
    /// <param name="workspaceId">ARM id of the workspace.</param>
    /// <param name="sizes">The catalogue.</param>
    /// <param name="limits">The limits, the workspace's own among them.</param>
    /// <param name="shares">What it and its computes hold.</param>
    /// <param name="location">Its location.</param>
    public static JsonObject WriteWorkspace(
        string workspaceId, VmSizeCatalogue sizes, QuotaLimits limits, IReadOnlyList<UsageShare> shares, string location)
    {
        var held = shares.Where(share => !share.IsCompute).ToDictionary(share => share.Family, share => share.Cores, StringComparer.OrdinalIgnoreCase);
        var all = sizes.Families.Select(family => new UsageShare(
            workspaceId,
            family.Name,
            held.GetValueOrDefault(family.Name),
            IsCompute: false,
            QuotaRules.Get(limits.WorkspaceFamilyCores, family.Name)));
        var rows = new JsonArray();
        AddShares(rows, sizes, limits, all.Concat(shares.Where(share => share.IsCompute)), location);
        return new JsonObject { ["value"] = rows };
    }

    private static void AddShares(JsonArray rows, VmSizeCatalogue sizes, QuotaLimits limits, IEnumerable<UsageShare> shares, string? location)
    {
        foreach (var share in shares)
        {
            if (sizes.FindFamily(share.Family) is not { } family)
            {
                continue;
            }

            var row = Row(
                Id(share.ResourceId, family.DedicatedUsageName),
                share.IsCompute ? "workspaces/computes/usages" : "workspaces/usages",
                family.DedicatedUsageName,
                share.Cores,
                share.Limit ?? limits.Family(family.Name));
            if (location is not null)
            {
                row["amlWorkspaceLocation"] = location;
            }

            rows.Add((JsonNode)row);
        }
    }

    private static string Id(string scope, string name) => $"{scope}/usages/{QuotaWords.Segment(name)}";

    private static JsonObject Row(string id, string type, string name, int used, int limit) => new()
    {
        ["id"] = id,
        ["type"] = QuotaWords.Namespace + type,
        ["unit"] = "Count",
        ["currentValue"] = used,
        ["limit"] = limit,
        ["name"] = new JsonObject { ["value"] = name, ["localizedValue"] = name },
    };
}
