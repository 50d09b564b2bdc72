using System.Text.Json.Serialization;
using Carrel.Instances.Lifecycle;
using NodaTime;

namespace Carrel.Instances.Idle;

/// <summary>What is asked of the idle rule for one instance.</summary>
/// <param name="PeriodMinutes">Idle period in minutes; null for off (contract 4.1).</param>
/// <param name="Optional">Signals that the workspace has switched on.</param>
/// <param name="NoticeMinutes">How long before a stop it is announced, 1 to 10; never more than a third of the period (contract 4.5).</param>
/// <param name="SilentSamples">After more silent samples in a row than this the clock stands still (contract 4.3).</param>
public sealed record IdleSettings(int? PeriodMinutes, OptionalSignals Optional, int NoticeMinutes = IdleSettings.UsualNotice, int SilentSamples = 3)
{
    /// <summary>Minutes from notice to stop unless the operator says otherwise.</summary>
    public const int UsualNotice = 5;

    /// <summary>The period, or null for off.</summary>
    [JsonIgnore]
    public Duration? Period => PeriodMinutes is { } minutes ? Duration.FromMinutes(minutes) : null;

    /// <summary>How long before the stop it is announced.</summary>
    [JsonIgnore]
    public Duration NoticeLead => Period is { } period ? Duration.Min(Duration.FromMinutes(NoticeMinutes), period / 3) : Duration.Zero;
}

/// <summary>Whether the identities of an instance allow a stop by itself (contract 4.4).</summary>
public enum IdentityStanding
{
    /// <summary>It has none, or one of them is Contributor or Owner of the workspace.</summary>
    Sufficient,

    /// <summary>It has identities, and none of them is.</summary>
    Insufficient,
}

/// <summary>Everything the idle rule looks at; it is stored with the decision, which can be taken again from it.</summary>
/// <param name="Settings">What is asked.</param>
/// <param name="Clock">The clock before.</param>
/// <param name="State">State of the instance.</param>
/// <param name="OperationRuns">Whether an operation is going on for it.</param>
/// <param name="KeepAwakeUntil">Until when somebody asked for it to stay up, or null.</param>
/// <param name="Identity">Whether its identities allow a stop.</param>
/// <param name="Sample">What was seen in the machine; null when its agent was not heard.</param>
/// <param name="Now">The time of the decision.</param>
public sealed record IdleInput(
    IdleSettings Settings,
    IdleClock Clock,
    InstanceState State,
    bool OperationRuns,
    Instant? KeepAwakeUntil,
    IdentityStanding Identity,
    ActivitySample? Sample,
    Instant Now);
