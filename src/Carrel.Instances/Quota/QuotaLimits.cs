using Carrel.Instances.Sizes;

namespace Carrel.Instances.Quota;

/// <summary>The limits of one subscription and location (contract 10.1).</summary>
/// <param name="FamilyCores">Limits that differ from the catalogue's, by family name.</param>
/// <param name="WorkspaceFamilyCores">Limits of the workspace's own, by family name; most have none.</param>
/// <param name="TotalCores">Limit of dedicated cores over all families.</param>
/// <param name="ComputeCount">Limit of computes.</param>
public sealed record QuotaLimits(
    IReadOnlyDictionary<string, int> FamilyCores, IReadOnlyDictionary<string, int> WorkspaceFamilyCores, int TotalCores, int ComputeCount)
{
    /// <summary>Limit of low-priority cores over all families; clusters use them, instances never do.</summary>
    public int TotalLowPriorityCores { get; init; }

    /// <summary>The limits of a catalogue, nothing set.</summary>
    public static QuotaLimits Default(VmSizeCatalogue sizes) => Of(sizes, [], null);

    /// <summary>The catalogue's limits with what was set in their place.</summary>
    /// <param name="sizes">The catalogue.</param>
    /// <param name="settings">Every limit that was set in the subscription and location.</param>
    /// <param name="workspaceUid">Whose own limits count too, or null.</param>
    public static QuotaLimits Of(VmSizeCatalogue sizes, IReadOnlyList<QuotaSetting> settings, Guid? workspaceUid)
    {
        int Set(QuotaKind kind, int otherwise) => settings.FirstOrDefault(setting => setting.Kind == kind && setting.WorkspaceUid is null)?.Limit ?? otherwise;

        var families = sizes.Families.ToDictionary(family => family.Name, family => family.DefaultDedicatedLimit, StringComparer.OrdinalIgnoreCase);
        var own = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var setting in settings.Where(setting => setting.Kind == QuotaKind.Family))
        {
            if (setting.WorkspaceUid is null)
            {
                families[setting.Family] = setting.Limit;
            }
            else if (setting.WorkspaceUid == workspaceUid)
            {
                own[setting.Family] = setting.Limit;
            }
        }

        return new QuotaLimits(
            families, own, Set(QuotaKind.TotalDedicated, sizes.DefaultTotalDedicatedCores), Set(QuotaKind.ComputeCount, sizes.DefaultComputeCountLimit))
        {
            TotalLowPriorityCores = Set(QuotaKind.TotalLowPriority, sizes.DefaultTotalLowPriorityCores),
        };
    }

    /// <summary>A family's limit.</summary>
    public int Family(string family) => QuotaRules.Get(FamilyCores, family) ?? 0;
}
