using System.Text.Json.Serialization;
using NodaTime;

namespace Carrel.Instances.Idle;

/// <summary>What the idle rule decides; the names are the words of answers.</summary>
public enum IdleDecisionKind
{
    /// <summary>Something counted is active.</summary>
    Active,

    /// <summary>Nothing is active, and no idle period is set.</summary>
    Off,

    /// <summary>It is idle; the stop has not come yet.</summary>
    Wait,

    /// <summary>It is idle, and the stop is to be announced now.</summary>
    Notice,

    /// <summary>It is to be stopped now.</summary>
    Stop,

    /// <summary>It would be stopped, but none of its identities is Contributor (contract 4.4).</summary>
    Skipped,

    /// <summary>Its agent told nothing this time: nothing is decided, the clock runs.</summary>
    Unheard,

    /// <summary>Its agent has told nothing for too long: the clock stands still.</summary>
    Frozen,

    /// <summary>Every attempt to stop it failed: an error is shown on it and the clock begins anew (contract 4.3).</summary>
    GaveUp,

    /// <summary>It is not in a state in which it can be idle, or something is being done with it.</summary>
    NotApplicable,
}

/// <summary>A decision, its reason and its evidence.</summary>
/// <param name="Kind">What is decided.</param>
/// <param name="Reason">Why, in a sentence without names of kernels, terminals or files.</param>
/// <param name="Clock">The clock from now on.</param>
/// <param name="Signals">What was seen, read.</param>
/// <param name="StopAt">When it will be stopped if nothing happens; null when no stop is in sight.</param>
/// <param name="NoticeAt">When that will be or was announced; null without a stop.</param>
public sealed record IdleDecision(
    IdleDecisionKind Kind, string Reason, IdleClock Clock, IReadOnlyList<ActivitySignal> Signals, Instant? StopAt = null, Instant? NoticeAt = null)
{
    /// <summary>True when something has to be done: such a decision is kept for good.</summary>
    [JsonIgnore]
    public bool Acts => Kind is IdleDecisionKind.Notice or IdleDecisionKind.Stop or IdleDecisionKind.GaveUp;

    /// <summary>What makes it another decision than the one before; the same ones are not stored again and again.</summary>
    [JsonIgnore]
    public string Signature =>
        $"{Kind} {string.Join(' ', Signals.Where(signal => signal.KeepsRunning).Select(signal => signal.Kind).Distinct().Order())}";
}
