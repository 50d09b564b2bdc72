using Carrel.Cli.Http;

namespace Carrel.Cli.Consoles;

/// <summary>
/// Everything of the outside that a command touches. Tests give their own, so that commands run in-process.
/// </summary>
internal sealed record CliHost
{
    /// <summary>Results, and nothing else.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Progress, warnings and errors.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Answers to questions and secrets given as <c>-</c>.</summary>
    public required TextReader In { get; init; }

    /// <summary>Whether a person reads standard error.</summary>
    public required bool ErrorIsTerminal { get; init; }

    /// <summary>Whether a person types on standard input.</summary>
    public required bool InputIsTerminal { get; init; }

    /// <summary>Reads a line from the terminal without showing it; the argument is the prompt.</summary>
    public required Func<string, string?> ReadSecret { get; init; }

    /// <summary>The value of an environment variable, null when it is absent.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>Shows a page to the person; false when there is no browser to do it.</summary>
    public required Func<Uri, bool> OpenBrowser { get; init; }

    /// <summary>Runs a program on this terminal and gives its exit code; null when it is not installed.</summary>
    public required Func<string, IReadOnlyList<string>, int?> RunProgram { get; init; }

    /// <summary>Path of the agent's program inside a compute instance; null everywhere else.</summary>
    public required string? AgentProgram { get; init; }

    /// <summary>Makes the HTTP handler; the argument is the file of additionally trusted certificates (PEM), or null.</summary>
    public required Func<string?, HttpMessageHandler> CreateHandler { get; init; }

    /// <summary>The clock by which tokens expire and operations are polled.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>What is shown of the requests; silent until the command line says otherwise.</summary>
    public RequestTrace Trace { get; } = new();

    /// <summary>A variable that is present and not empty.</summary>
    public string? Variable(string name) => Environment(name) is { Length: > 0 } value ? value : null;

    /// <summary>Writes one warning to standard error.</summary>
    public void Warn(string message) => Error.WriteLine(TerminalText.Clean($"Warning: {message}"));

    /// <summary>Writes several warnings to standard error.</summary>
    public void Warn(IEnumerable<string> messages)
    {
        foreach (var message in messages)
            Warn(message);
    }
}
