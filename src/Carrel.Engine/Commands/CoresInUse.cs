using Carrel.Engine.Storage;
using Carrel.Instances.Quota;

namespace Carrel.Engine.Commands;

/// <summary>What quota rules and the usage list need to know, from the store.</summary>
public static class CoresInUse
{
    private static readonly Dictionary<string, int> NoWorkspaceLimits = [];

    /// <summary>Cores and computes in use in a subscription and location. Inside a transaction nothing can be taken between this and the decision.</summary>
    public static QuotaUse Of(IEngineView view, string subscriptionId, string location)
    {
        IReadOnlyList<FamilyUse> use = view.CoresInUse(subscriptionId, location);
        return new QuotaUse(use.ToDictionary(family => family.Family, family => family.Cores), NoWorkspaceLimits, use.Sum(family => family.Instances));
    }
}
