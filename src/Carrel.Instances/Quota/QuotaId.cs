using Carrel.Instances.Resources;
using Carrel.Instances.Sizes;

namespace Carrel.Instances.Quota;

/// <summary>The id of one row of the quota list: a subscription's limit, or a workspace's own limit of a family (contract 10.4).</summary>
/// <param name="SubscriptionId">The subscription it names.</param>
/// <param name="Workspace">The workspace, or null for a limit of the subscription.</param>
/// <param name="Name">Last segment, such as <c>Standard_DSv2_Family_Cluster_Dedicated_vCPUs</c>.</param>
public sealed record QuotaId(string SubscriptionId, WorkspaceAddress? Workspace, string Name)
{
    /// <summary>The id as the list shows it.</summary>
    public string Text => $"{Workspace?.ResourceId ?? $"/subscriptions/{SubscriptionId}"}/quotas/{Name}";

    /// <summary>Reads an id in any case; null when it is none.</summary>
    public static QuotaId? Read(string text) => text.Split('/') switch
    {
        ["", var s, var subscription, var q, var name] when Is(s, "subscriptions") && Is(q, "quotas") && AreGiven(subscription, name) =>
            new QuotaId(subscription, null, name),
        ["", var s, var subscription, var g, var group, var p, var provider, var w, var workspace, var q, var name]
            when Is(s, "subscriptions") && Is(g, "resourceGroups") && Is(p, "providers") && Is(provider, "Microsoft.MachineLearningServices")
                && Is(w, "workspaces") && Is(q, "quotas") && AreGiven(subscription, group, workspace, name) =>
            new QuotaId(subscription, new WorkspaceAddress(subscription, group, workspace), name),
        _ => null,
    };

    /// <summary>What the last segment names: kind and family, or null for a name that no row has.</summary>
    internal (QuotaKind Kind, VmFamily? Family)? Find(VmSizeCatalogue sizes)
    {
        foreach (var kind in (QuotaKind[])[QuotaKind.TotalDedicated, QuotaKind.TotalLowPriority, QuotaKind.ComputeCount])
        {
            if (Is(Name, QuotaWords.Segment(QuotaWords.NameOf(kind, null))))
            {
                return (kind, null);
            }
        }

        return sizes.Families.FirstOrDefault(family => Is(Name, QuotaWords.Segment(family.DedicatedUsageName))) is { } found
            ? (QuotaKind.Family, found)
            : null;
    }

    /// <summary>Whether it names a family's low-priority cores, which have no limit of their own.</summary>
    internal bool IsLowPriorityFamily(VmSizeCatalogue sizes) => sizes.Families.Any(family => Is(Name, QuotaWords.Segment(family.LowPriorityUsageName)));

    private static bool Is(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static bool AreGiven(params string[] segments) => segments.All(segment => segment.Length > 0);
}
