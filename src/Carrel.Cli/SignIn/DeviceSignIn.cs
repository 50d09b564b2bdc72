using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.SignIn;

/// <summary>A person signs in on another device: this one shows a code and waits (RFC 8628).</summary>
internal sealed class DeviceSignIn(CliHost host, TokenEndpoint endpoint)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    /// <summary>Shows the code and waits until the person has answered.</summary>
    public async Task<Token> RunAsync(CancellationToken cancel)
    {
        var start = await endpoint.BeginDeviceAsync(cancel);
        host.Error.WriteLine(TerminalText.Clean($"To sign in, open {start.Page} in a browser on any computer and enter the code {start.UserCode}."));
        var pause = start.Interval;
        var deadline = host.Time.GetUtcNow() + start.Lifetime;
        while (host.Time.GetUtcNow() < deadline)
        {
            await Task.Delay(pause, host.Time, cancel);
            var (token, error, reason) = await endpoint.TryDeviceAsync(start.Code, cancel);
            if (token is not null)
                return token;
            switch (error)
            {
                case "authorization_pending":
                    break;
                case "slow_down":
                    pause += Step;
                    break;
                case "access_denied":
                    throw CliException.NotSignedIn("Sign-in was refused on the page: nobody is signed in.");
                case "expired_token":
                    throw TooLate(start);
                default:
                    throw CliException.NotSignedIn($"Sign-in was refused: {reason}");
            }
        }
        throw TooLate(start);
    }

    private static CliException TooLate(DeviceStart start) =>
        CliException.NotSignedIn($"Nobody entered the code within {start.Lifetime.TotalMinutes:0} minutes: run 'carrel login' again.");
}
