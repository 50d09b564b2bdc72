using Carrel.Instances.Sizes;

namespace Carrel.Instances.Quota;

/// <summary>What is in use in one subscription and location, before the request (contract 10.2).</summary>
/// <param name="FamilyCores">Dedicated cores by family name; a family that is not there uses none.</param>
/// <param name="WorkspaceFamilyCores">The part of them that belongs to the workspace of the request.</param>
/// <param name="ComputeCount">Computes of every workspace.</param>
public sealed record QuotaUse(
    IReadOnlyDictionary<string, int> FamilyCores, IReadOnlyDictionary<string, int> WorkspaceFamilyCores, int ComputeCount)
{
    /// <summary>Nothing in use.</summary>
    public static QuotaUse None { get; } = new(new Dictionary<string, int>(), new Dictionary<string, int>(), 0);

    /// <summary>Dedicated cores over all families.</summary>
    public int TotalCores => FamilyCores.Values.Sum();
}

/// <summary>One limit that the request would exceed.</summary>
/// <param name="Code"><c>ClusterCoreQuotaReached</c> or <c>ComputeCountQuotaReached</c>.</param>
/// <param name="Message">Scope, family or total, limit, current use, requested cores.</param>
public sealed record QuotaExcess(string Code, string Message);

/// <summary>Decision on a request for cores.</summary>
/// <param name="Excesses">Every limit exceeded, in the order of contract 10.2: family, workspace family, total, count. Empty = allowed.</param>
public sealed record QuotaDecision(IReadOnlyList<QuotaExcess> Excesses)
{
    /// <summary>Whether the request may be taken.</summary>
    public bool IsAllowed => Excesses.Count == 0;

    /// <summary>The code to answer with, or null.</summary>
    public string? Code => IsAllowed ? null : Excesses[0].Code;

    /// <summary>The message to answer with, or null.</summary>
    public string? Message => IsAllowed ? null : Excesses[0].Message;
}

/// <summary>Quota (contract 10.1 to 10.3). Check and take must be one atomic step; the caller sees to that.</summary>
public static class QuotaRules
{
    /// <summary>Decides whether one more instance of a size fits. The count is checked only for a new compute, not at a start.</summary>
    public static QuotaDecision Decide(QuotaUse use, VmSize requested, QuotaLimits limits, bool isNew = true)
    {
        var excesses = new List<QuotaExcess>();
        var (family, cores) = (requested.Family, requested.VCpus);

        void Check(string scope, int limit, int used)
        {
            if (used + cores > limit)
            {
                excesses.Add(new QuotaExcess(
                    "ClusterCoreQuotaReached",
                    $"The {scope} has a vCPU quota of {limit}, of which {used} are in use; the request needs {cores} vCPUs ({requested.Name}). "
                        + "Delete an instance, choose a smaller size, or have the quota raised (updateQuotas)."));
            }
        }

        Check($"subscription's family {family}", Get(limits.FamilyCores, family) ?? 0, Get(use.FamilyCores, family) ?? 0);
        if (Get(limits.WorkspaceFamilyCores, family) is { } own)
        {
            Check($"workspace's family {family}", own, Get(use.WorkspaceFamilyCores, family) ?? 0);
        }

        Check("subscription's total of all families", limits.TotalCores, use.TotalCores);
        if (isNew && use.ComputeCount >= limits.ComputeCount)
        {
            excesses.Add(new QuotaExcess(
                "ComputeCountQuotaReached",
                $"The location has {use.ComputeCount} computes of at most {limits.ComputeCount}. Delete one that is not needed."));
        }

        return new QuotaDecision(excesses);
    }

    // Families are few and names come from configuration in any case.
    internal static int? Get(IReadOnlyDictionary<string, int> byFamily, string family)
    {
        foreach (var (name, value) in byFamily)
        {
            if (string.Equals(name, family, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }
}
