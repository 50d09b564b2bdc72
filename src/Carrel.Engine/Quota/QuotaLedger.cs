using Carrel.Engine.Commands;
using Carrel.Engine.Storage;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Quota;
using Carrel.Instances.Resources;
using Carrel.Instances.Sizes;
using Carrel.Instances.Specs;

namespace Carrel.Engine.Quota;

/// <summary>
/// Who holds how many cores (contract 10.2). The ledger is the column beside each instance; check and take happen in the caller's
/// transaction, so nobody takes anything in between.
/// </summary>
public sealed class QuotaLedger(VmSizeCatalogue sizes)
{
    private const string VmSizePath = "properties.properties.vmSize";

    /// <summary>Refuses when one more instance of a size does not fit; all limits it would exceed are findings (contract 10.3).</summary>
    /// <param name="view">The caller's transaction.</param>
    /// <param name="workspace">Where the instance lies.</param>
    /// <param name="size">Its size.</param>
    /// <param name="isNew">True for one more compute, false when it is counted already.</param>
    /// <exception cref="RefusedException">400 <c>ClusterCoreQuotaReached</c> or <c>ComputeCountQuotaReached</c>.</exception>
    public void Require(IEngineView view, Workspace workspace, VmSize size, bool isNew)
    {
        string subscription = workspace.Address.SubscriptionId;
        QuotaDecision decision = QuotaRules.Decide(
            Use(view, subscription, workspace.Location, workspace.Uid),
            size,
            QuotaLimits.Of(sizes, view.ListQuotas(subscription, workspace.Location), workspace.Uid),
            isNew);
        if (!decision.IsAllowed)
            throw new RefusedException(RefusalKind.Invalid, [.. decision.Excesses.Select(excess => new Finding(excess.Code, excess.Message, VmSizePath))]);
    }

    /// <summary>Takes the cores of an instance again that gave them back when it was stopped; others hold them all the time.</summary>
    /// <exception cref="RefusedException">There are none left, or its size has left the catalogue.</exception>
    public void TakeAgain(IEngineTransaction transaction, ComputeInstance instance)
    {
        if (!instance.Model.ReleaseQuotaOnStop)
            return;
        VmSize size = sizes.Find(instance.Model.VmSize)
            ?? throw new RefusedException(
                RefusalKind.Invalid, FindingCodes.VmSizeNotSupported, $"The size {instance.Model.VmSize} is no longer in the catalogue: create the instance anew with another size.", VmSizePath);
        transaction.Release(instance.Uid);
        Require(transaction, transaction.FindWorkspace(instance.WorkspaceUid)!, size, isNew: false);
        transaction.Hold(instance.Uid, size.Family, size.VCpus);
    }

    /// <summary>Gives the cores of an instance back that has just become Stopped, when it was made that way.</summary>
    public static void ReleaseIfStopped(IEngineTransaction transaction, ComputeInstance instance)
    {
        if (instance.Model.ReleaseQuotaOnStop && instance.State.State == InstanceState.Stopped)
            transaction.Release(instance.Uid);
    }

    /// <summary>What is in use in a subscription and location, and the part of it that is a workspace's.</summary>
    public static QuotaUse Use(IEngineView view, string subscriptionId, string location, Guid? workspaceUid = null)
    {
        IReadOnlyList<FamilyUse> use = view.CoresInUse(subscriptionId, location);
        IReadOnlyList<FamilyUse> own = workspaceUid is { } workspace ? view.CoresInUse(subscriptionId, location, workspace) : [];
        return new QuotaUse(Cores(use), Cores(own), use.Sum(family => family.Instances));
    }

    private static Dictionary<string, int> Cores(IReadOnlyList<FamilyUse> use) => use.ToDictionary(family => family.Family, family => family.Cores);
}
