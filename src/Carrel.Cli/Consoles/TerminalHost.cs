using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Carrel.Cli.Http;

namespace Carrel.Cli.Consoles;

/// <summary>The real terminal, environment, browser and network.</summary>
internal static class TerminalHost
{
    /// <summary>The host of this process.</summary>
    public static CliHost Create() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        In = Console.In,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        InputIsTerminal = !Console.IsInputRedirected,
        ReadSecret = ReadSecret,
        Environment = Environment.GetEnvironmentVariable,
        OpenBrowser = OpenBrowser,
        RunProgram = RunProgram,
        AgentProgram = AgentProgram(),
        CreateHandler = TrustedHandler.Create,
        Time = TimeProvider.System,
    };

    // Machines have both programs in one read-only folder of the host, so no search path or variable decides what is run.
    private static string? AgentProgram() => Path.GetDirectoryName(Environment.ProcessPath) is { } folder && Path.Combine(folder, "carrel-agent") is var program && File.Exists(program)
        ? program
        : null;

    private static string? ReadSecret(string prompt)
    {
        Console.Error.Write(prompt);
        var text = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
                break;
            if (key.Key == ConsoleKey.Backspace)
                text.Length = Math.Max(0, text.Length - 1);
            else if (key.KeyChar >= ' ')
                text.Append(key.KeyChar);
        }
        Console.Error.WriteLine();
        return text.ToString();
    }

    private static int? RunProgram(string program, IReadOnlyList<string> arguments)
    {
        try
        {
            // An argument list is never read by a shell, whatever a server puts into an address.
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false });
            process?.WaitForExit();
            return process?.ExitCode;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static bool OpenBrowser(Uri page)
    {
        // Without a display xdg-open falls back to text browsers that would take over the terminal.
        if (Environment.GetEnvironmentVariable("DISPLAY") is null && Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is null)
            return false;
        try
        {
            var start = new ProcessStartInfo("xdg-open") { RedirectStandardOutput = true, RedirectStandardError = true };
            start.ArgumentList.Add(page.AbsoluteUri);
            using var process = Process.Start(start);
            return process is not null;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
