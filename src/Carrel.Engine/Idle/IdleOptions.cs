using Carrel.Instances.Idle;

namespace Carrel.Engine.Idle;

/// <summary>How idleness is looked for.</summary>
public sealed record IdleOptions
{
    /// <summary>How often each running machine is asked what goes on in it (contract 4.3: at least every 60 seconds).</summary>
    public TimeSpan SampleEvery { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Minutes from notice to stop, 1 to 10 (contract 4.5).</summary>
    public int NoticeMinutes { get; init; } = IdleSettings.UsualNotice;

    /// <summary>How many machines are asked at the same time.</summary>
    public int AskedAtOnce { get; init; } = 64;

    /// <summary>How many decisions that did nothing are kept of each instance.</summary>
    public int KeepDecisions { get; init; } = 50;
}
