using System.CommandLine;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Directory;

/// <summary>A new password: typed twice, or from a file. It is never a flag's value: command lines are seen by everybody on the machine.</summary>
internal sealed class NewPassword(CliHost host)
{
    private readonly Option<string?> _file = new("--password-file") { Description = "File with the password; asked on the terminal when absent.", HelpName = "file" };

    /// <summary>Adds the option to a command.</summary>
    public void AddTo(Command command) => command.Add(_file);

    /// <summary>The password.</summary>
    /// <exception cref="CliException">There is none, or it was typed differently the second time.</exception>
    public string Read(ParseResult parsed)
    {
        if (parsed.GetValue(_file) is { } file)
        {
            var text = InputFile.Read(file).TrimEnd('\r', '\n');
            return text.Length > 0 ? text : throw CliException.Usage($"The file '{file}' is empty.");
        }
        if (!host.InputIsTerminal)
            throw CliException.Usage("Nobody is there to type the password: give --password-file.");
        var password = host.ReadSecret("Password: ");
        if (string.IsNullOrEmpty(password))
            throw CliException.Usage("The password is empty.");
        return host.ReadSecret("Password again: ") == password ? password : throw CliException.Usage("The two passwords differ; nothing was done.");
    }
}
