using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Commands.User;

/// <summary><c>carrel user create</c>. The password is never a flag's value: command lines are seen by everybody on the machine.</summary>
internal sealed class UserCreate(CliHost host) : IVerb
{
    private readonly Option<string> _name = new("--user-principal-name") { Description = "Sign-in name, such as ada@example.org.", HelpName = "name", Required = true };
    private readonly Option<string?> _displayName = new("--display-name") { Description = "Name to show; the sign-in name when absent.", HelpName = "text" };
    private readonly Option<string?> _passwordFile = new("--password-file") { Description = "File with the password; asked on the terminal when absent.", HelpName = "file" };
    private readonly OutputOption _output = new();

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("create", "Add a person who can sign in.") { _name, _displayName, _passwordFile };
        _output.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var name = parsed.GetValue(_name)!;
        var password = Password(parsed.GetValue(_passwordFile));
        using var context = await CommandContext.OpenAsync(host, cancel);
        var body = new JsonObject
        {
            ["displayName"] = parsed.GetValue(_displayName) ?? name,
            ["userPrincipalName"] = name,
            ["passwordProfile"] = new JsonObject { ["password"] = password },
        };
        var created = await context.Client.SendAsync(HttpMethod.Post, "/v1.0/users", body, cancel);
        _output.Write(host, parsed, UserView.From(created.Body as JsonObject ?? []), UserView.Columns);
        return ExitCode.Ok;
    }

    private string Password(string? file)
    {
        if (file is not null)
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
