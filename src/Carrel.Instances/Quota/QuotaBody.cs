using System.Text.Json.Nodes;
using Carrel.Instances.Resources;
using Carrel.Instances.Sizes;

namespace Carrel.Instances.Quota;

/// <summary>
/// The answer of the quota list (contract 10.4): each family of the subscription with the workspaces' own limits behind it, then the totals.
/// Every row may be sent to the update as it is.
/// </summary>
public static class QuotaBody
{
    /// <summary>Writes the answer: a new object at every call; one page, never empty.</summary>
    /// <param name="subscriptionId">The subscription.</param>
    /// <param name="location">The location.</param>
    /// <param name="sizes">The catalogue.</param>
    /// <param name="settings">Every limit that was set there.</param>
    /// <param name="workspaces">The workspaces there.</param>
    public static JsonObject Write(
        string subscriptionId, string location, VmSizeCatalogue sizes, IReadOnlyList<QuotaSetting> settings, IReadOnlyList<Workspace> workspaces)
    {
        var limits = QuotaLimits.Of(sizes, settings, null);
        var rows = new JsonArray();

        void Add(QuotaKind kind, VmFamily? family, Workspace? workspace, string type, int limit)
        {
            var name = QuotaWords.NameOf(kind, family);
            var row = new JsonObject
            {
                ["id"] = new QuotaId(subscriptionId, workspace?.Address, QuotaWords.Segment(name)).Text,
                ["type"] = QuotaWords.Namespace + type,
                ["limit"] = limit,
                ["unit"] = "Count",
                ["name"] = new JsonObject { ["value"] = name, ["localizedValue"] = name },
            };
            if (workspace is not null)
            {
                row["amlWorkspaceLocation"] = location;
            }

            rows.Add((JsonNode)row);
        }

        foreach (var family in sizes.Families)
        {
            Add(QuotaKind.Family, family, null, "vmFamily/quotas", limits.Family(family.Name));
            foreach (var workspace in workspaces)
            {
                var own = settings.FirstOrDefault(setting => setting.IsOfSame(new QuotaSetting(QuotaKind.Family, family.Name, workspace.Uid, 0)));
                Add(QuotaKind.Family, family, workspace, "workspaces/quotas", own?.Limit ?? QuotaWords.NoOwnLimit);
            }
        }

        Add(QuotaKind.TotalDedicated, null, null, "dedicatedCores/quotas", limits.TotalCores);
        Add(QuotaKind.TotalLowPriority, null, null, "lowPriorityCores/quotas", limits.TotalLowPriorityCores);
        Add(QuotaKind.ComputeCount, null, null, "totalCores/quotas", limits.ComputeCount);
        return new JsonObject { ["value"] = rows };
    }
}
