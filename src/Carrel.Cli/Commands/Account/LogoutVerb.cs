using System.CommandLine;
using Carrel.Cli.Configuration;
using Carrel.Cli.Consoles;
using Carrel.Cli.SignIn;

namespace Carrel.Cli.Commands.Account;

/// <summary><c>carrel logout</c>: ends the sign-in at the server and forgets it, keeps server and defaults.</summary>
internal sealed class LogoutVerb(CliHost host) : IVerb
{
    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("logout", "End the sign-in that 'carrel login' kept, here and at the server.");
        command.SetAction((_, cancel) => RunAsync(cancel));
        return command;
    }

    private async Task RunAsync(CancellationToken cancel)
    {
        var settings = new Settings(host, ConfigFile.Locate(host));
        await new Session(host, settings).EndAsync(cancel);
        var was = settings.Stored.Remove("token");
        if (was)
            settings.File.Write(settings.Stored);
        host.Error.WriteLine(was ? "Signed out." : "Nobody was signed in.");
        if (new Session(host, settings).UsesEnvironment)
            host.Warn("CARREL_CLIENT_ID and CARREL_CLIENT_SECRET are set and still used: unset them to end that too.");
    }
}
