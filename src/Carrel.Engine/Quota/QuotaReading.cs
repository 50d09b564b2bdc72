using Carrel.Engine.Storage;
using Carrel.Instances.Quota;
using Carrel.Instances.Resources;
using Carrel.Instances.Sizes;

namespace Carrel.Engine.Quota;

/// <summary>What the lists of quotas and usages show (contract 10.4).</summary>
/// <param name="Settings">Every limit that was set.</param>
/// <param name="Workspaces">The workspaces of the subscription and location, by name.</param>
/// <param name="Held">What each instance holds, by workspace and name.</param>
public sealed record QuotaReading(IReadOnlyList<QuotaSetting> Settings, IReadOnlyList<Workspace> Workspaces, IReadOnlyList<InstanceUse> Held)
{
    /// <summary>Reads a subscription and location.</summary>
    public static QuotaReading Of(IEngineView view, string subscriptionId, string location) => new(
        view.ListQuotas(subscriptionId, location),
        [.. view.ListWorkspaces(subscriptionId).Where(workspace => workspace.Location == location)],
        view.CoresOfInstances(subscriptionId, location));

    /// <summary>What is in use, added up from what each instance holds, so that totals and shares agree.</summary>
    public QuotaUse Use => new(
        Held.GroupBy(held => held.Family).ToDictionary(family => family.Key, family => family.Sum(held => held.Cores)), new Dictionary<string, int>(), Held.Count);

    /// <summary>The shares of every workspace, each with those of its computes behind it.</summary>
    public IReadOnlyList<UsageShare> Shares() => [.. Workspaces.SelectMany(SharesOf)];

    /// <summary>The shares of one workspace and its computes.</summary>
    public IEnumerable<UsageShare> SharesOf(Workspace workspace)
    {
        InstanceUse[] computes = [.. Held.Where(held => held.WorkspaceUid == workspace.Uid)];
        foreach (IGrouping<string, InstanceUse> family in computes.GroupBy(held => held.Family, StringComparer.OrdinalIgnoreCase))
            yield return Share(workspace, workspace.Address.ResourceId, family.Key, family.Sum(held => held.Cores), isCompute: false);
        foreach (InstanceUse held in computes)
            yield return Share(workspace, held.Address.ResourceId, held.Family, held.Cores, isCompute: true);
    }

    /// <summary>The limits that hold in a workspace, or in none.</summary>
    public QuotaLimits Limits(VmSizeCatalogue sizes, Workspace? workspace = null) => QuotaLimits.Of(sizes, Settings, workspace?.Uid);

    private UsageShare Share(Workspace workspace, string resourceId, string family, int cores, bool isCompute) => new(
        resourceId,
        family,
        cores,
        isCompute,
        Settings.FirstOrDefault(setting => setting.IsOfSame(new QuotaSetting(QuotaKind.Family, family, workspace.Uid, 0)))?.Limit);
}
