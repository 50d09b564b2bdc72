namespace Carrel.Cli.Consoles;

/// <summary>One line on standard error that is rewritten while something takes time; nothing at all when nobody watches.</summary>
internal sealed class Progress(CliHost host, string label) : IDisposable
{
    private readonly long _started = host.Time.GetTimestamp();
    private int _width;

    /// <summary>Shows the label, the time gone by and what is known of the state.</summary>
    public void Report(string? state)
    {
        if (!host.ErrorIsTerminal)
            return;
        var seconds = (int)host.Time.GetElapsedTime(_started).TotalSeconds;
        var line = $"{label} ... {seconds} s{(string.IsNullOrEmpty(state) ? string.Empty : $" ({state})")}";
        host.Error.Write('\r' + line.PadRight(_width));
        _width = line.Length;
        host.Error.Flush();
    }

    /// <summary>Wipes the line, so that only lasting messages stay on the terminal.</summary>
    public void Dispose()
    {
        if (_width > 0)
            host.Error.Write('\r' + new string(' ', _width) + '\r');
    }
}
