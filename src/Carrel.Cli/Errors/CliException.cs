using System.Diagnostics.CodeAnalysis;

namespace Carrel.Cli.Errors;

/// <summary>An end of a command that a person can act on: one message with its remedy, and an exit code.</summary>
[SuppressMessage("Design", "CA1064:Exceptions should be public", Justification = "Never leaves this program.")]
internal sealed class CliException(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>One of <see cref="Errors.ExitCode"/>.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>Wrong usage or a bad file.</summary>
    public static CliException Usage(string message) => new(Errors.ExitCode.Usage, message);

    /// <summary>Nobody is signed in.</summary>
    public static CliException NotSignedIn(string message) => new(Errors.ExitCode.NotSignedIn, message);
}
