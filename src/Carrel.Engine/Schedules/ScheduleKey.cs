using NodaTime;

namespace Carrel.Engine.Schedules;

/// <summary>Identity of one schedule of one instance.</summary>
/// <param name="InstanceId">The instance.</param>
/// <param name="ScheduleId">The schedule.</param>
public readonly record struct ScheduleKey(Guid InstanceId, Guid ScheduleId);

/// <summary>One occurrence that has come. Instance, schedule and due instant together are what a firing is known by, however many servers look (contract 3.5).</summary>
/// <param name="Key">The schedule.</param>
/// <param name="Due">When it was due; whether it still runs is <see cref="Carrel.Instances.Schedules.MissedRule"/>'s to say.</param>
public readonly record struct DueFiring(ScheduleKey Key, Instant Due);
