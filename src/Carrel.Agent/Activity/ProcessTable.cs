using System.Globalization;

namespace Carrel.Agent.Activity;

/// <summary>One process, from the kernel's <c>/proc/PID/stat</c> (proc_pid_stat(5)).</summary>
/// <param name="Id">Process id.</param>
/// <param name="Name">Its command's short name, at most 15 characters.</param>
/// <param name="State">State letter: R, S, D, T stopped, Z ended...</param>
/// <param name="Parent">Parent's id.</param>
/// <param name="Session">Session id: the id of the session's leader.</param>
/// <param name="Terminal">Device number of its terminal, 0 without one.</param>
/// <param name="Started">Start, in clock ticks since the host started.</param>
internal sealed record ProcessEntry(int Id, string Name, char State, int Parent, int Session, int Terminal, ulong Started)
{
    /// <summary>True unless it was stopped or has ended.</summary>
    public bool Runs => State is not ('T' or 't' or 'Z' or 'X');

    /// <summary>Reads a stat line; null when it is not one.</summary>
    public static ProcessEntry? Parse(string stat)
    {
        // The name stands in parentheses and may hold blanks and parentheses itself: the last one closes it.
        var open = stat.IndexOf('(', StringComparison.Ordinal);
        var close = stat.LastIndexOf(')');
        if (open < 1 || close < open || !int.TryParse(stat.AsSpan(0, open), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var id))
        {
            return null;
        }

        var fields = stat[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length >= 20
            && Number(fields[1]) is { } parent
            && Number(fields[3]) is { } session
            && Number(fields[4]) is { } terminal
            && ulong.TryParse(fields[19], NumberStyles.None, CultureInfo.InvariantCulture, out var started)
            ? new ProcessEntry(id, stat[(open + 1)..close], fields[0][0], parent, session, terminal, started)
            : null;
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>The processes of the machine at one moment.</summary>
internal sealed class ProcessTable(IReadOnlyList<ProcessEntry> entries, Func<int, uint?> userOf)
{
    /// <summary>Reads the process table; processes that end meanwhile are left out.</summary>
    public static ProcessTable Read(string folder)
    {
        var entries = new List<ProcessEntry>();
        foreach (var process in Directory.EnumerateDirectories(folder))
        {
            if (char.IsAsciiDigit(Path.GetFileName(process)[0])
                && ReadIfThere(Path.Combine(process, "stat")) is { } stat
                && ProcessEntry.Parse(stat) is { } entry)
            {
                entries.Add(entry);
            }
        }

        return new ProcessTable(entries, id => UserOf(folder, id));
    }

    /// <summary>The process of an id that has not ended, or null.</summary>
    public ProcessEntry? Find(int id) => entries.FirstOrDefault(entry => entry.Id == id && entry.State is not ('Z' or 'X'));

    /// <summary>The shells of a server's terminals, oldest first: its children that lead a session with a terminal of their own.</summary>
    public IReadOnlyList<ProcessEntry> ShellsOf(int server) =>
        [.. entries.Where(entry => entry.Parent == server && entry.Terminal != 0 && entry.Session == entry.Id).OrderBy(entry => entry.Started).ThenBy(entry => entry.Id)];

    /// <summary>True when something runs in the shell's session or below it, in the background too.</summary>
    public bool HasRunningChild(ProcessEntry shell) =>
        entries.Any(entry => entry.Id != shell.Id && entry.Runs && (entry.Parent == shell.Id || entry.Session == shell.Id));

    /// <summary>Logged-in secure shell connections: the part of the daemon that has taken on the user's rights, one for each connection.</summary>
    public int SecureShellSessions(uint userId) => entries.Count(entry => entry.Name is "sshd-session" or "sshd" && userOf(entry.Id) == userId);

    /// <summary>Numbers of the pseudo-terminals (pts(4)) that a user's processes are attached to.</summary>
    public IReadOnlyList<int> TerminalsOf(uint userId) =>
        [.. entries.GroupBy(entry => entry.Terminal)
            .Where(group => PseudoTerminal(group.Key) is not null && group.Any(entry => userOf(entry.Id) == userId))
            .Select(group => PseudoTerminal(group.Key)!.Value)
            .Order()];

    // proc_pid_stat(5): the minor number in bits 31 to 20 and 7 to 0, the major in 15 to 8; 136 is that of pseudo-terminals.
    private static int? PseudoTerminal(int device) =>
        ((device >> 8) & 0xFF) == 136 ? (device & 0xFF) | ((device >> 12) & 0xFFF00) : null;

    private static uint? UserOf(string folder, int id)
    {
        var line = ReadIfThere(Path.Combine(folder, id.ToString(CultureInfo.InvariantCulture), "status"))?
            .Split('\n').FirstOrDefault(static text => text.StartsWith("Uid:", StringComparison.Ordinal));
        return line?.Split('\t', ' ') is [_, var real, ..] && uint.TryParse(real, CultureInfo.InvariantCulture, out var user) ? user : null;
    }

    private static string? ReadIfThere(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception ended) when (ended is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
