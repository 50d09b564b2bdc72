using System.CommandLine;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands;

/// <summary>Asks before something is lost; <c>--yes</c> answers beforehand.</summary>
internal sealed class Confirmation(CliHost host)
{
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask." };

    /// <summary>Adds the option to a command.</summary>
    public void AddTo(Command command) => command.Add(_yes);

    /// <summary>Returns when the person agrees.</summary>
    /// <exception cref="CliException">The person does not, or nobody can be asked.</exception>
    public void Require(ParseResult parsed, string question)
    {
        if (parsed.GetValue(_yes))
            return;
        if (!host.InputIsTerminal)
            throw CliException.Usage("Nobody is there to confirm: give --yes.");
        host.Error.Write($"{question} (y/n): ");
        if (host.In.ReadLine()?.Trim().ToLowerInvariant() is not ("y" or "yes"))
            throw new CliException(ExitCode.Refused, "Nothing was done.");
    }
}
