using System.Text.Json;
using Carrel.Engine.Commands;
using Carrel.Engine.Events;
using Carrel.Engine.Storage;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Notices;
using Carrel.Instances.Resources;
using Carrel.Instances.Schedules;
using Carrel.Instances.Specs;
using NodaTime;

namespace Carrel.Engine.Notices;

/// <summary>What its owner, or who may change its schedules, does about an announced stop (contract 3.6).</summary>
public sealed class NoticeCommands(IEngineStore store, EngineOptions options, IEnumerable<INoticeEffect> effects, TimeProvider time)
{
    private const string Events = "Microsoft.MachineLearningServices/workspaces/computes/scheduledEvents/";

    /// <summary>Takes one stop back: this occurrence alone.</summary>
    /// <exception cref="RefusedException">There is no such notice, or its stop is over.</exception>
    public Task<StopNotice> DismissAsync(InstanceAddress address, Guid noticeId, CommandContext context, CancellationToken cancellation) => ChangeAsync(
        address,
        noticeId,
        "dismiss",
        context,
        (_, notice, now) => NoticeRules.Dismiss(notice, context.Caller.Name, now),
        (transaction, instance, notice, now) => Effect(notice)?.Dismissed(transaction, instance, notice, now),
        cancellation);

    /// <summary>Puts one stop off.</summary>
    /// <param name="address">The instance.</param>
    /// <param name="noticeId">The notice.</param>
    /// <param name="body">The request's JSON object, <c>{"minutes":n}</c>.</param>
    /// <param name="context">Who asks.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="RefusedException">There is no such notice, its stop is over, or it cannot be put off that far.</exception>
    public Task<StopNotice> SnoozeAsync(InstanceAddress address, Guid noticeId, JsonElement body, CommandContext context, CancellationToken cancellation)
    {
        int? minutes = SnoozeBody.Minutes(body);
        return ChangeAsync(
            address,
            noticeId,
            "snooze",
            context,
            (instance, notice, now) => NoticeRules.Snooze(notice, minutes, context.Caller.Name, now, Lead(notice), NextStart(instance, notice.FireAt)),
            (transaction, instance, notice, now) => Effect(notice)?.Snoozed(transaction, instance, notice, minutes!.Value, now),
            cancellation);
    }

    private Task<StopNotice> ChangeAsync(
        InstanceAddress address,
        Guid noticeId,
        string call,
        CommandContext context,
        Func<ComputeInstance, StopNotice, Instant, NoticeDecision> decide,
        Action<IEngineTransaction, ComputeInstance, StopNotice, Instant> apply,
        CancellationToken cancellation) => store.WriteAsync(
            transaction =>
            {
                ComputeInstance instance = InstanceCommands.Require(transaction, address);
                StopNotice notice = transaction.FindNotice(noticeId) is { } found && found.InstanceUid == instance.Uid
                    ? found
                    : throw new RefusedException(RefusalKind.NotFound, "ResourceNotFound", $"The compute '{instance.Address.Name}' has no notice '{noticeId:D}'. Its scheduledEvents list those it has.", noticeId.ToString("D"));
                Instant now = Instant.FromDateTimeOffset(time.GetUtcNow());
                NoticeDecision decision = decide(instance, notice, now);
                if (decision.Notice is not { } changed)
                    throw new RefusedException(decision.IsConflict ? RefusalKind.Conflict : RefusalKind.Invalid, [decision.Refusal!]);
                if (changed == notice)
                    return notice;
                transaction.Update(changed);
                transaction.Append(Happened(instance, changed, call, context, now));
                apply(transaction, instance, changed, now);
                return changed;
            },
            cancellation);

    private static ActivityEvent Happened(ComputeInstance instance, StopNotice notice, string call, CommandContext context, Instant now) => new(
        now,
        context.Caller,
        $"{Events}{call}/action",
        instance.Address.ResourceId,
        "Succeeded",
        nameof(OperationTrigger.User),
        notice.State == NoticeState.Dismissed
            ? $"The stop at {NoticeText.At(notice.FireAt)} was dismissed."
            : $"The stop was put off to {NoticeText.At(notice.FireAt)}.",
        context.RequestId,
        context.CorrelationId) { ClientRequestId = context.ClientRequestId, UserAgent = context.UserAgent };

    // An idle stop is told a few minutes before, and its rule says how many: the deadline moves with idleness, so the executor tells it anew.
    private Duration Lead(StopNotice notice) => notice.Kind == NoticeKind.ScheduledShutdownPending ? options.Notices.ScheduledLead : notice.FireAt - notice.ToldAt;

    private static Instant? NextStart(ComputeInstance instance, Instant after) => instance.Model.Schedules
        .Where(schedule => schedule is { Status: ScheduleStatus.Enabled, Action: ScheduleAction.Start })
        .Select(schedule => FiringTimes.TryOf(schedule)?.Next(after))
        .Min();

    private INoticeEffect? Effect(StopNotice notice) => effects.FirstOrDefault(effect => effect.Kind == notice.Kind);
}

/// <summary>Reads the body of a snooze.</summary>
internal static class SnoozeBody
{
    /// <summary>The member <c>minutes</c>, a whole number; null when it is none.</summary>
    internal static int? Minutes(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
            return null;
        foreach (JsonProperty member in body.EnumerateObject())
        {
            if (member.Name.Equals("minutes", StringComparison.OrdinalIgnoreCase))
                return member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt32(out int minutes) ? minutes : null;
        }

        return null;
    }
}
