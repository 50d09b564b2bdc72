using Carrel.Instances.Sizes;

namespace Carrel.Instances.Quota;

/// <summary>What a limit counts (contract 10.1); the names are stored.</summary>
public enum QuotaKind
{
    /// <summary>Dedicated cores of one VM family, of a subscription or of one workspace.</summary>
    Family,

    /// <summary>Dedicated cores over all families.</summary>
    TotalDedicated,

    /// <summary>Low-priority cores over all families.</summary>
    TotalLowPriority,

    /// <summary>Computes.</summary>
    ComputeCount,
}

/// <summary>One limit that somebody set; what is not set has the catalogue's default, and a workspace no limit of its own.</summary>
/// <param name="Kind">What it counts.</param>
/// <param name="Family">VM family for <see cref="QuotaKind.Family"/>, else empty.</param>
/// <param name="WorkspaceUid">The workspace it is the own limit of; null for the subscription's.</param>
/// <param name="Limit">Cores, or computes; 0 or more.</param>
public sealed record QuotaSetting(QuotaKind Kind, string Family, Guid? WorkspaceUid, int Limit)
{
    /// <summary>Whether another setting is about the same limit.</summary>
    public bool IsOfSame(QuotaSetting other) =>
        Kind == other.Kind && WorkspaceUid == other.WorkspaceUid && string.Equals(Family, other.Family, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Words of the rows of quotas and usages (contract 10.4).</summary>
internal static class QuotaWords
{
    public const string Namespace = "Microsoft.MachineLearningServices/";
    public const string Clusters = "Clusters";
    public const string TotalDedicated = "Total Cluster Dedicated Regional vCPUs";
    public const string TotalLowPriority = "Total Cluster LowPriority Regional vCPUs";

    /// <summary>Limit of a row that has none of its own.</summary>
    public const int NoOwnLimit = -1;

    public static string NameOf(QuotaKind kind, VmFamily? family) => kind switch
    {
        QuotaKind.Family => family!.DedicatedUsageName,
        QuotaKind.TotalDedicated => TotalDedicated,
        QuotaKind.TotalLowPriority => TotalLowPriority,
        _ => Clusters,
    };

    /// <summary>The last segment of a row's id: its name with underscores for blanks.</summary>
    public static string Segment(string name) => name.Replace(' ', '_');
}
