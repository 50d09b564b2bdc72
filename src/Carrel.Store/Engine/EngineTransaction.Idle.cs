using Carrel.Engine.Storage;
using Carrel.Instances.Idle;
using static Carrel.Store.Engine.Columns;

namespace Carrel.Store.Engine;

/// <summary>Idle clocks and decisions.</summary>
internal partial class EngineTransaction
{
    public void SaveIdle(Guid instanceUid, IdleRecord idle) => Run(
        """
        INSERT INTO idle_clocks (instance_uid, clock, keep_awake_until, keep_awake_by) VALUES (@uid, @clock, @until, @by)
        ON CONFLICT (instance_uid) DO UPDATE SET clock = excluded.clock, keep_awake_until = excluded.keep_awake_until, keep_awake_by = excluded.keep_awake_by
        """,
        new
        {
            uid = Text(instanceUid),
            clock = idle.Clock is { } clock ? Write(clock) : null,
            until = idle.KeepAwakeUntil is { } until ? Ticks(until) : (long?)null,
            by = idle.KeepAwakeBy,
        });

    public void AppendIdleDecision(Guid instanceUid, IdleInput input, IdleDecision decision, int keep)
    {
        string uid = Text(instanceUid);
        Run(
            "INSERT INTO idle_decisions (instance_uid, kind, acts, input, decision) VALUES (@uid, @kind, @acts, @input, @decision)",
            new { uid, kind = decision.Kind.ToString(), acts = decision.Acts ? 1 : 0, input = Write(input), decision = Write(decision) });
        Run(
            """
            DELETE FROM idle_decisions WHERE instance_uid = @uid AND acts = 0 AND sequence <=
                (SELECT sequence FROM idle_decisions WHERE instance_uid = @uid AND acts = 0 ORDER BY sequence DESC LIMIT 1 OFFSET @keep)
            """,
            new { uid, keep });
    }
}
