using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands;

/// <summary>Asks before something is lost.</summary>
internal static class Confirmation
{
    /// <summary>Returns when the person agrees.</summary>
    /// <exception cref="CliException">The person does not, or nobody can be asked.</exception>
    public static void Require(CliHost host, bool yes, string question)
    {
        if (yes)
            return;
        if (!host.InputIsTerminal)
            throw CliException.Usage("Nobody is there to confirm: give --yes.");
        host.Error.Write($"{question} (y/n): ");
        if (host.In.ReadLine()?.Trim().ToLowerInvariant() is not ("y" or "yes"))
            throw new CliException(ExitCode.Refused, "Nothing was done.");
    }
}
