using Carrel.AgentProtocol;

namespace Carrel.Simulation.Tests.World;

/// <summary>What goes on inside all machines: a kernel that computes, or nothing.</summary>
internal sealed class ActivityScript(TimeProvider time)
{
    // Between two samples nobody looks.
    private static readonly TimeSpan Seen = TimeSpan.FromSeconds(120);

    private readonly Lock _gate = new();
    private DateTimeOffset? _busySince;
    private DateTimeOffset? _restedSince;

    /// <summary>From now on a kernel computes in every machine.</summary>
    internal void Work()
    {
        lock (_gate)
            _busySince ??= time.GetUtcNow();
    }

    /// <summary>From now on nothing goes on.</summary>
    internal void Rest()
    {
        lock (_gate)
        {
            if (_busySince is { } since && time.GetUtcNow() - since >= Seen)
                _restedSince = time.GetUtcNow();
            _busySince = null;
        }
    }

    /// <summary>What an agent says.</summary>
    internal MachineActivity Sample()
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate)
            return new MachineActivity(now, true, null, _busySince is null ? [] : [new KernelActivity("k", "python3", "busy", now, 1)], [], 0);
    }

    /// <summary>
    /// Whether nothing has gone on for a time that ends at an instant. A kernel that began in that very instant may not have been seen, nor one that computed
    /// between two samples only.
    /// </summary>
    internal bool RestedFor(TimeSpan length, DateTimeOffset until)
    {
        lock (_gate)
            return (_busySince is null || _busySince >= until) && (_restedSince is null || _restedSince + length <= until);
    }
}
