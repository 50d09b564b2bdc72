using Carrel.Simulation.Tests.Steps;
using Carrel.Simulation.Tests.World;

namespace Carrel.Simulation.Tests.Checks;

/// <summary>Whether the answer to a dismissal or snooze is right for the world at some instant between question and answer (contract 3.6).</summary>
internal static class NoticeRules
{
    private const int MostMinutes = 240;

    /// <summary>What is wrong, or null.</summary>
    /// <param name="move">The call.</param>
    /// <param name="id">Id of the notice.</param>
    /// <param name="answer">Its answer.</param>
    /// <param name="window">The world between question and answer.</param>
    /// <param name="now">The clock.</param>
    internal static string? Fault(Move move, string id, WireAnswer answer, IReadOnlyList<Snapshot> window, DateTimeOffset now)
    {
        if (WireRules.Fault(answer, isLong: false) is { } fault)
            return fault;
        SeenNotice?[] seen = [.. window.Select(world => world.Notices.GetValueOrDefault(id))];
        bool right = answer.Status == 200
            ? IsDone(move, seen)
            : window.Zip(seen, (world, notice) => IsRefused(move, answer.Status, answer.Code, world, notice, now)).Contains(true);
        return right ? null : $"{move} was answered {answer.Status} {answer.Code} for {string.Join(" / ", seen.Select(notice => notice?.ToString() ?? "none").Distinct())}";
    }

    private static bool IsDone(Move move, SeenNotice?[] seen) => move.Verb == "dismiss"
        ? seen.Any(notice => notice is { State: "Dismissed" })
        : seen.Zip(seen.Skip(1)).Any(pair => pair is ({ IsOpen: true } before, { State: "Snoozed" } after) && after.FireAt == before.FireAt.AddMinutes(move.Number));

    private static bool IsRefused(Move move, int status, string code, Snapshot world, SeenNotice? notice, DateTimeOffset now) => (status, code) switch
    {
        (404, "ResourceNotFound" or "ParentResourceNotFound") => notice is null,
        (409, "NoticeNotPending") => notice is not null && (!notice.IsOpen || notice.FireAt <= now) && (move.Verb == "snooze" || notice.State != "Dismissed"),
        (409, "SnoozeLimitReached") => notice is { IsOpen: true } && notice.FireAt.AddMinutes(move.Number) - notice.Due > TimeSpan.FromMinutes(MostMinutes),
        (409, "SnoozeReachesNextStart") => notice is { IsOpen: true } && world.Instances[notice.Instance].Schedules.Any(schedule =>
            schedule is { Enabled: true, Action: "Start" } && schedule.Between(notice.FireAt, notice.FireAt.AddMinutes(move.Number)).Any()),
        _ => false,
    };
}
