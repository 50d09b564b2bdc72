using System.Text.Json.Nodes;
using Carrel.Api.Computes;
using Carrel.Engine.Idle;
using Carrel.Instances.Idle;
using Carrel.Instances.Resources;
using NodaTime;

namespace Carrel.Api.Idle;

/// <summary>Writes explanations. What runs in a machine is its owner's: everybody else reads kinds and counts, no names.</summary>
internal static class ExplanationBody
{
    internal static JsonObject Write(IdleExplanation explanation, bool showNames)
    {
        ComputeInstance instance = explanation.Instance;
        IdleDecision current = explanation.Current;
        return new JsonObject
        {
            ["id"] = instance.Address.ResourceId + "/explain",
            ["name"] = instance.Address.Name,
            ["state"] = instance.State.State.ToString(),
            ["now"] = ArmText.Time(explanation.Now),
            ["seenAt"] = Time(explanation.SeenAt),
            ["idleTimeBeforeShutdown"] = instance.Model.IdleMinutes is { } minutes ? IdleTime.Text(minutes) : null,
            ["keepAwakeUntil"] = Time(explanation.Kept.KeepAwakeUntil is { } until && until > explanation.Now ? until : null),
            ["keepAwakeBy"] = explanation.Kept.KeepAwakeUntil > explanation.Now ? explanation.Kept.KeepAwakeBy : null,
            ["decision"] = current.Kind.ToString(),
            ["reason"] = current.Reason,
            ["idleSince"] = Time(current.Kind is IdleDecisionKind.Active or IdleDecisionKind.NotApplicable || current.Clock.IsPutOff ? null : current.Clock.IdleSince),
            ["signals"] = Signals(current.Signals, showNames),
            ["next"] = new JsonArray([.. explanation.Coming.Select(Coming)]),
            ["notice"] = explanation.Notice is { } notice ? NoticeBody.Write(instance, notice)["properties"]!.DeepClone() : null,
            ["lastAutomaticAction"] = explanation.Last is { } last ? Last(last, showNames) : null,
            ["decisions"] = new JsonArray([.. explanation.Decisions.Select(Decision)]),
        };
    }

    private static JsonArray Signals(IReadOnlyList<ActivitySignal> signals, bool showNames) => new([.. signals
        .OrderByDescending(signal => signal.KeepsRunning).ThenBy(signal => signal.Kind)
        .Select(signal =>
        {
            var body = new JsonObject
            {
                ["kind"] = signal.Kind.ToString(),
                ["counts"] = signal.Counts,
                ["active"] = signal.Active,
                ["lastActivity"] = Time(signal.LastActivity),
                ["detail"] = signal.Detail,
            };
            if (showNames && signal.Name is { } name)
                body["name"] = name;
            return body;
        })]);

    private static JsonObject Coming(ComingAction action)
    {
        var body = new JsonObject { ["action"] = action.Action.ToString(), ["trigger"] = action.Trigger.ToString(), ["at"] = ArmText.Time(action.At) };
        if (action.ScheduleId is { } schedule)
            body["scheduleId"] = schedule.ToString("D");
        if (action.Schedule is { } words)
            body["schedule"] = words;
        return body;
    }

    private static JsonObject Last(AutomaticAction last, bool showNames)
    {
        var body = new JsonObject
        {
            ["at"] = ArmText.Time(last.At),
            ["action"] = last.Action,
            ["trigger"] = last.Cause,
            ["outcome"] = last.Outcome,
            ["reason"] = last.Reason,
        };
        if (last.Evidence is { } evidence)
        {
            body["evidence"] = new JsonObject
            {
                ["decidedAt"] = ArmText.Time(evidence.Input.Now),
                ["decision"] = evidence.Decision.Kind.ToString(),
                ["reason"] = evidence.Decision.Reason,
                ["idleTimeBeforeShutdown"] = evidence.Input.Settings.PeriodMinutes is { } minutes ? IdleTime.Text(minutes) : null,
                ["idleSince"] = Time(evidence.Decision.Clock.IdleSince),
                ["signals"] = Signals(evidence.Decision.Signals, showNames),
            };
        }

        return body;
    }

    private static JsonObject Decision(Carrel.Engine.Storage.StoredIdleDecision stored) => new()
    {
        ["at"] = ArmText.Time(stored.Input.Now),
        ["decision"] = stored.Decision.Kind.ToString(),
        ["reason"] = stored.Decision.Reason,
    };

    private static string? Time(Instant? instant) => instant is { } at ? ArmText.Time(at) : null;
}
