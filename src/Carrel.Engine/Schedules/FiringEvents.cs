using Carrel.Engine.Events;
using Carrel.Engine.Notices;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Notices;
using Carrel.Instances.Schedules.Firing;
using Carrel.Instances.Specs;
using NodaTime;

namespace Carrel.Engine.Schedules;

/// <summary>What the activity log says of occurrences. Pure.</summary>
internal static class FiringEvents
{
    private const string Computes = "Microsoft.MachineLearningServices/workspaces/computes/";

    /// <summary>Such as <c>Stop by cron '0 18 * * *' (UTC), due at 2026-11-25T18:00:00Z (2026-11-25 18:00 +00), put off to 2026-11-25T18:30:00Z by ann@contoso.com. Schedule ID.</c></summary>
    internal static string Sentence(FiringContext context, StopNotice? notice = null) =>
        $"{ScheduleWords.Of(context.Schedule)}, due at {NoticeText.At(context.Due)} ({ScheduleWords.WallTime(context.Schedule, context.Due)}){PutOff(notice)}. Schedule {context.Schedule.Id:D}.";

    private static string PutOff(StopNotice? notice) =>
        notice is { Snoozed.TotalTicks: > 0 } ? $", put off to {NoticeText.At(notice.FireAt)} by {notice.DecidedBy}" : "";

    /// <summary>The event of an occurrence that began nothing; what it begins has an event as an operation.</summary>
    internal static ActivityEvent NotRun(FiringContext context, ScheduleFiring firing, Instant now)
    {
        var decision = new FiringDecision(firing.Outcome, firing.Reason);
        return new ActivityEvent(
            now,
            Service.Principal,
            Computes + (firing.Action == ScheduleAction.Start ? "start/action" : "stop/action"),
            context.Instance.Address.ResourceId,
            Status(firing.Outcome),
            nameof(OperationTrigger.Schedule),
            $"{decision.Word}. {firing.Reason} {Sentence(context)}",
            "",
            Guid.NewGuid().ToString("D"))
        {
            Level = firing.Outcome switch
            {
                FiringOutcome.NoOp or FiringOutcome.Dismissed or FiringOutcome.Deferred => EventLevel.Informational,
                FiringOutcome.Failed => EventLevel.Error,
                _ => EventLevel.Warning,
            },
        };
    }

    /// <summary>More occurrences were missed than are told one by one.</summary>
    internal static ActivityEvent ManyMissed(FiringContext context, MissedOccurrences missed, Instant now) => new(
        now,
        Service.Principal,
        Computes + (context.Schedule.Action == ScheduleAction.Start ? "start/action" : "stop/action"),
        context.Instance.Address.ResourceId,
        "Skipped",
        nameof(OperationTrigger.Schedule),
        $"Skipped: Missed. {missed.Count}{(missed.Count == MissedOccurrences.MostCounted ? " or more" : "")} occurrences from {NoticeText.At(missed.First)} to {NoticeText.At(missed.Last)} were not looked at in time. {ScheduleWords.Of(context.Schedule)}. Schedule {context.Schedule.Id:D}.",
        "",
        Guid.NewGuid().ToString("D")) { Level = EventLevel.Warning };

    private static string Status(FiringOutcome outcome) => outcome switch
    {
        FiringOutcome.NoOp => "Succeeded",
        FiringOutcome.Deferred => "Accepted",
        FiringOutcome.Failed => "Failed",
        _ => "Skipped",
    };
}
