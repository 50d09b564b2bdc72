using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.Directory;

/// <summary>A new password: typed twice, or from a file, and whether the person has to choose another one at the next sign-in. It is never a flag's value: command lines are seen by everybody on the machine.</summary>
internal sealed class NewPassword(CliHost host)
{
    private readonly Option<string?> _file = new("--password-file") { Description = "File with the password; asked on the terminal when absent.", HelpName = "file" };

    private readonly Option<bool> _change = new("--force-change-password-next-sign-in") { Description = "The person has to choose an own password at the next sign-in, before anything is signed in." };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_file);
        command.Add(_change);
    }

    /// <summary>The <c>passwordProfile</c> that the directory reads.</summary>
    /// <exception cref="CliException">There is no password, or it was typed differently the second time.</exception>
    public JsonObject Read(ParseResult parsed)
    {
        var profile = new JsonObject { ["password"] = Password(parsed) };
        if (parsed.GetValue(_change))
            profile["forceChangePasswordNextSignIn"] = true;
        return profile;
    }

    private string Password(ParseResult parsed)
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
