using System.Globalization;

namespace Carrel.Agent.KeepAwake;

/// <summary><c>carrel keep-awake --pid N</c> inside a machine, which the command line hands on: the instance does not count as idle while that process lives.</summary>
internal static class KeepAwakeCommand
{
    private const string Usage = """
        usage: carrel keep-awake --pid N

        The instance does not count as idle while the process N lives, for 7 days at most.
        A schedule or somebody's stop still stops it.
        """;

    /// <summary>Runs the command line of somebody in the machine.</summary>
    /// <returns>Exit code: 0 done, 1 no such process or no agent, 2 wrong usage.</returns>
    public static int Run(string[] args, AgentOptions options, TextWriter output, TextWriter error)
    {
        if (args is ["--help"] or ["-h"] or ["keep-awake", "--help"] or ["keep-awake", "-h"])
        {
            output.WriteLine(Usage);
            return 0;
        }

        if (args is not ["keep-awake", "--pid", var text] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id < 1)
        {
            error.WriteLine(Usage);
            return 2;
        }

        if (!Directory.Exists(Path.Combine(options.ProcessFolder, text)))
        {
            error.WriteLine($"carrel: there is no process {id} here.");
            return 1;
        }

        try
        {
            File.WriteAllText(Path.Combine(options.KeepAwakeFolder, id.ToString(CultureInfo.InvariantCulture)), "");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"carrel: that cannot be noted: {failure.Message}");
            return 1;
        }

        output.WriteLine($"This instance stays up while process {id} lives, for 7 days at most.");
        return 0;
    }
}
