using System.CommandLine;
using Carrel.Cli.Configuration;
using Carrel.Cli.Consoles;
using Carrel.Cli.SignIn;

namespace Carrel.Cli.Commands.Account;

/// <summary><c>carrel logout</c>: forgets the token, keeps server and defaults.</summary>
internal sealed class LogoutVerb(CliHost host) : IVerb
{
    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("logout", "Forget the sign-in that 'carrel login' kept.");
        command.SetAction(_ => Run());
        return command;
    }

    private void Run()
    {
        var settings = new Settings(host, ConfigFile.Locate(host));
        var was = settings.Stored.Remove("token");
        if (was)
            settings.File.Write(settings.Stored);
        host.Error.WriteLine(was ? "Signed out." : "Nobody was signed in.");
        if (new Session(host, settings).UsesEnvironment)
            host.Warn("CARREL_CLIENT_ID and CARREL_CLIENT_SECRET are set and still used: unset them to end that too.");
    }
}
