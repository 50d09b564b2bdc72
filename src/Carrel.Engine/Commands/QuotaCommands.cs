using System.Globalization;
using Carrel.Engine.Events;
using Carrel.Engine.Quota;
using Carrel.Engine.Storage;
using Carrel.Instances.Quota;
using Carrel.Instances.Resources;
using Carrel.Instances.Sizes;
using NodaTime;

namespace Carrel.Engine.Commands;

/// <summary>Sets quota limits (contract 10.4): each limit is decided on its own, all in one transaction, each change is an event.</summary>
public sealed class QuotaCommands(IEngineStore store, VmSizeCatalogue sizes, TimeProvider time)
{
    private const string Action = "Microsoft.MachineLearningServices/locations/updateQuotas/action";

    /// <summary>Sets limits, in the order sent; what one of them changes, the next one sees.</summary>
    /// <returns>The decision on each.</returns>
    public Task<IReadOnlyList<QuotaUpdateDecision>> UpdateAsync(
        string subscriptionId, string location, IReadOnlyList<QuotaUpdate> updates, CommandContext context, CancellationToken cancellation) =>
        store.WriteAsync<IReadOnlyList<QuotaUpdateDecision>>(
            transaction =>
            {
                QuotaUse use = QuotaLedger.Use(transaction, subscriptionId, location);
                List<QuotaSetting> settings = [.. transaction.ListQuotas(subscriptionId, location)];
                return [.. updates.Select(update => Apply(transaction, subscriptionId, location, update, settings, use, context))];
            },
            cancellation);

    private QuotaUpdateDecision Apply(
        IEngineTransaction transaction,
        string subscriptionId,
        string location,
        QuotaUpdate update,
        List<QuotaSetting> settings,
        QuotaUse use,
        CommandContext context)
    {
        QuotaUpdateDecision decision = QuotaUpdateRules.Decide(update, location, sizes, settings, use, FindWorkspace(transaction, update, location));
        if (decision is not { Status: QuotaUpdateStatus.Success, Setting: { } setting } || settings.Contains(setting))
            return decision;
        int? before = settings.FirstOrDefault(setting.IsOfSame)?.Limit;
        settings.RemoveAll(setting.IsOfSame);
        if (setting.Limit < 0)
            transaction.DeleteQuota(subscriptionId, location, setting);
        else
        {
            transaction.Save(subscriptionId, location, setting);
            settings.Add(setting);
        }

        transaction.Append(new ActivityEvent(
            Instant.FromDateTimeOffset(time.GetUtcNow()),
            context.Caller,
            Action,
            update.Id.Text,
            "Succeeded",
            "User",
            $"Limit in {location}: {Word(before)} before, {Word(setting.Limit < 0 ? null : setting.Limit)} now.",
            context.RequestId,
            context.CorrelationId) { ClientRequestId = context.ClientRequestId, UserAgent = context.UserAgent });
        return decision;
    }

    private static string Word(int? limit) => limit?.ToString(CultureInfo.InvariantCulture) ?? "not set";

    private static QuotaWorkspace? FindWorkspace(IEngineView view, QuotaUpdate update, string location)
    {
        if (update.Id.Workspace is not { } address)
            return null;
        return view.FindWorkspace(address) is { Deleting: false } workspace
            ? new QuotaWorkspace(workspace, QuotaLedger.Use(view, address.SubscriptionId, location, workspace.Uid).WorkspaceFamilyCores)
            : new QuotaWorkspace(null, new Dictionary<string, int>());
    }
}
