using Carrel.Agent.Activity;

namespace Carrel.Agent.Terminals;

/// <summary>
/// What Carrel itself writes to terminals is no activity of theirs (contract 4.5: a pending notice does not count): Jupyter cannot tell it from a
/// command's output, so the time stamps from before are kept and told instead, until something else happens in the terminal.
/// </summary>
internal sealed class OwnOutput(TimeProvider time)
{
    // How long after the writing Jupyter may take to read it.
    private static readonly TimeSpan Echo = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private Dictionary<string, DateTimeOffset> _before = [];
    private DateTimeOffset _from;
    private DateTimeOffset _to;

    /// <summary>Remembers how the terminals are, before something is written to them.</summary>
    public void Begin(IEnumerable<JupyterTerminal> terminals)
    {
        lock (_gate)
        {
            var before = new Dictionary<string, DateTimeOffset>();
            foreach (var terminal in terminals)
            {
                before[terminal.Name] = Told(terminal);
            }

            _before = before;
            _from = time.GetUtcNow();
            _to = DateTimeOffset.MaxValue;
        }
    }

    /// <summary>Everything is written.</summary>
    public void End()
    {
        lock (_gate)
        {
            _to = time.GetUtcNow() + Echo;
        }
    }

    /// <summary>When somebody or something else last did something in a terminal.</summary>
    public DateTimeOffset LastActivity(JupyterTerminal terminal)
    {
        lock (_gate)
        {
            return Told(terminal);
        }
    }

    private DateTimeOffset Told(JupyterTerminal terminal) =>
        terminal.LastActivity >= _from && terminal.LastActivity <= _to && _before.TryGetValue(terminal.Name, out var before) ? before : terminal.LastActivity;
}
