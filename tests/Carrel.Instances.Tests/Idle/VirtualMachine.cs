using Carrel.Instances.Idle;
using Carrel.Instances.Lifecycle;
using NodaTime;

namespace Carrel.Instances.Tests.Idle;

/// <summary>
/// A running instance in virtual time: a script says what goes on in it at each second, and the rule is asked at each sample and whenever it said
/// that something is due, as the engine does.
/// </summary>
internal sealed class VirtualMachine(int? period = 15)
{
    /// <summary>When it entered Running.</summary>
    public static readonly Instant Start = Instant.FromUtc(2026, 11, 25, 8, 0);

    private Instant _nextSample = Start;

    public IdleSettings Settings { get; set; } = new(period, OptionalSignals.None);

    public IdleClock Clock { get; set; } = IdleClock.Started(Start);

    public InstanceState State { get; set; } = InstanceState.Running;

    public Instant? KeepAwakeUntil { get; set; }

    public IdentityStanding Identity { get; set; } = IdentityStanding.Sufficient;

    /// <summary>What goes on at an instant; null when its agent is silent.</summary>
    public Func<Instant, ActivitySample?> Shows { get; set; } = at => new ActivitySample(at);

    public Duration SampleEvery { get; set; } = Duration.FromSeconds(60);

    public Instant Now { get; private set; } = Start;

    /// <summary>Every decision, in order.</summary>
    public List<(IdleInput Input, IdleDecision Decision)> Decisions { get; } = [];

    public IdleDecision Last { get; private set; } = null!;

    /// <summary>False for long runs.</summary>
    public bool Remembers { get; init; } = true;

    public static Instant At(double minutes) => Start + Duration.FromSeconds(minutes * 60);

    /// <summary>Asks the rule now.</summary>
    public IdleDecision Look(Instant at)
    {
        Now = at;
        var input = new IdleInput(Settings, Clock, State, false, KeepAwakeUntil, Identity, Shows(at), at);
        var decision = IdleRule.Decide(input);
        Clock = decision.Clock;
        Last = decision;
        if (Remembers)
        {
            Decisions.Add((input, decision));
        }

        return decision;
    }

    /// <summary>Goes on until an instant, or to the first decision of a kind.</summary>
    /// <returns>When that decision came; null when it did not.</returns>
    public Instant? RunUntil(Instant end, IdleDecisionKind kind = IdleDecisionKind.Stop)
    {
        while (true)
        {
            var due = Last is null ? null : Due();
            var next = due is { } at && at < _nextSample ? at : _nextSample;
            if (next > end)
            {
                Now = end;
                return null;
            }

            if (next == _nextSample)
            {
                _nextSample += SampleEvery;
            }

            if (Look(next).Kind == kind)
            {
                return next;
            }
        }
    }

    private Instant? Due() =>
        Last.NoticeAt is { } notice && notice > Now ? notice : Last.StopAt is { } stop && stop > Now ? stop : null;
}
