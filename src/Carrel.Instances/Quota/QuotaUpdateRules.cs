using Carrel.Instances.Resources;
using Carrel.Instances.Sizes;

namespace Carrel.Instances.Quota;

/// <summary>Word of <c>status</c> in the answer of an update (contract 10.4).</summary>
public enum QuotaUpdateStatus
{
    /// <summary>The limit is set.</summary>
    Success,

    /// <summary>The workspace it names does not exist.</summary>
    Failure,

    /// <summary>It is below what is in use: computes would have to go first.</summary>
    InvalidQuotaBelowClusterMinimum,

    /// <summary>A workspace's limit would be over its subscription's.</summary>
    InvalidQuotaExceedsSubscriptionLimit,

    /// <summary>No row of the quotas list has that name.</summary>
    InvalidVMFamilyName,

    /// <summary>A workspace has limits of families only, and low-priority cores of a family have none.</summary>
    OperationNotSupportedForSku,

    /// <summary>The workspace lies in another location.</summary>
    OperationNotEnabledForRegion,
}

/// <summary>Decision on one limit of an update.</summary>
/// <param name="Status">What comes of it.</param>
/// <param name="Limit">The limit in force afterwards; -1 for none of its own.</param>
/// <param name="Setting">The limit it names; null when it names none. Its <see cref="QuotaSetting.Limit"/> is -1 when the limit is to be taken away.</param>
public sealed record QuotaUpdateDecision(QuotaUpdateStatus Status, int Limit, QuotaSetting? Setting);

/// <summary>What the rules need to know of the workspace that an update names.</summary>
/// <param name="Workspace">It, or null when it does not exist.</param>
/// <param name="FamilyCores">Cores it holds, by family.</param>
public sealed record QuotaWorkspace(Workspace? Workspace, IReadOnlyDictionary<string, int> FamilyCores);

/// <summary>Which limits may be set (contract 10.1, 10.4): 0 to the subscription's limit, not below what is in use. Pure.</summary>
public static class QuotaUpdateRules
{
    /// <summary>Decides on one limit.</summary>
    /// <param name="update">What is asked.</param>
    /// <param name="location">Location of the request.</param>
    /// <param name="sizes">The catalogue.</param>
    /// <param name="settings">Every limit that is set in the subscription and location.</param>
    /// <param name="use">What is in use there.</param>
    /// <param name="workspace">The workspace it names; null when it names none.</param>
    public static QuotaUpdateDecision Decide(
        QuotaUpdate update, string location, VmSizeCatalogue sizes, IReadOnlyList<QuotaSetting> settings, QuotaUse use, QuotaWorkspace? workspace)
    {
        if (update.Id.Find(sizes) is not var (kind, family))
        {
            return new(update.Id.IsLowPriorityFamily(sizes) ? QuotaUpdateStatus.OperationNotSupportedForSku : QuotaUpdateStatus.InvalidVMFamilyName, update.Limit, null);
        }

        if (workspace is not null && (kind != QuotaKind.Family || workspace.Workspace?.Location != location))
        {
            return new(
                kind != QuotaKind.Family ? QuotaUpdateStatus.OperationNotSupportedForSku
                    : workspace.Workspace is null ? QuotaUpdateStatus.Failure : QuotaUpdateStatus.OperationNotEnabledForRegion,
                update.Limit,
                null);
        }

        var setting = new QuotaSetting(kind, family?.Name ?? "", workspace?.Workspace?.Uid, update.Limit);
        return workspace is null ? OfSubscription(setting, sizes, settings, use) : OfWorkspace(setting, sizes, settings, workspace);
    }

    private static QuotaUpdateDecision OfSubscription(QuotaSetting setting, VmSizeCatalogue sizes, IReadOnlyList<QuotaSetting> settings, QuotaUse use)
    {
        var now = LimitOf(setting, QuotaLimits.Of(sizes, settings, null));
        var asked = setting.Limit == QuotaWords.NoOwnLimit ? LimitOf(setting, QuotaLimits.Default(sizes)) : setting.Limit;
        var used = setting.Kind switch
        {
            QuotaKind.Family => QuotaRules.Get(use.FamilyCores, setting.Family) ?? 0,
            QuotaKind.TotalDedicated => use.TotalCores,
            QuotaKind.ComputeCount => use.ComputeCount,
            _ => 0,
        };

        // What is sent back as it was got changes nothing and is never refused.
        if (asked < used && asked != now)
        {
            return new(QuotaUpdateStatus.InvalidQuotaBelowClusterMinimum, now, setting);
        }

        var own = settings.Where(other => other.Kind == setting.Kind && other.WorkspaceUid is not null && Same(other.Family, setting.Family));
        return asked < now && own.Any(other => other.Limit > asked)
            ? new(QuotaUpdateStatus.InvalidQuotaExceedsSubscriptionLimit, now, setting)
            : new(QuotaUpdateStatus.Success, asked, setting);
    }

    private static QuotaUpdateDecision OfWorkspace(
        QuotaSetting setting, VmSizeCatalogue sizes, IReadOnlyList<QuotaSetting> settings, QuotaWorkspace workspace)
    {
        var now = settings.FirstOrDefault(setting.IsOfSame)?.Limit ?? QuotaWords.NoOwnLimit;
        if (setting.Limit == QuotaWords.NoOwnLimit || setting.Limit == now)
        {
            return new(QuotaUpdateStatus.Success, setting.Limit, setting);
        }

        if (setting.Limit > QuotaLimits.Of(sizes, settings, null).Family(setting.Family))
        {
            return new(QuotaUpdateStatus.InvalidQuotaExceedsSubscriptionLimit, now, setting);
        }

        return setting.Limit < (QuotaRules.Get(workspace.FamilyCores, setting.Family) ?? 0)
            ? new(QuotaUpdateStatus.InvalidQuotaBelowClusterMinimum, now, setting)
            : new(QuotaUpdateStatus.Success, setting.Limit, setting);
    }

    private static int LimitOf(QuotaSetting setting, QuotaLimits limits) => setting.Kind switch
    {
        QuotaKind.Family => limits.Family(setting.Family),
        QuotaKind.TotalDedicated => limits.TotalCores,
        QuotaKind.TotalLowPriority => limits.TotalLowPriorityCores,
        _ => limits.ComputeCount,
    };

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
