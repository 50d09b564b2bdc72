using System.CommandLine;
using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;

namespace Carrel.Cli.Commands.Directory;

/// <summary><c>carrel user set-password</c>: for somebody who has forgotten it. The person's sign-ins end.</summary>
internal sealed class UserPassword(CliHost host)
    : ServerVerb(host, "set-password", "Give a person a new password and end everything that was signed in with the old one.")
{
    private readonly PrincipalName _name = new(PrincipalKind.User);
    private readonly NewPassword _password = new(host);

    /// <inheritdoc/>
    protected override void AddOptions(Command command)
    {
        _name.AddTo(command);
        _password.AddTo(command);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var profile = _password.Read(parsed);
        using var context = await OpenAsync(cancel);
        var body = new JsonObject { ["passwordProfile"] = profile };
        await context.Client.SendAsync(HttpMethod.Patch, await _name.PathAsync(context, parsed, cancel), body, cancel);
    }
}

/// <summary><c>carrel user sign-out</c>: ends every sign-in of a person, who may sign in again.</summary>
internal sealed class UserSignOut(CliHost host)
    : ServerVerb(host, "sign-out", "End every sign-in of a person: browsers, command lines, open terminals. The person may sign in again.")
{
    private readonly PrincipalName _name = new(PrincipalKind.User);

    /// <inheritdoc/>
    protected override void AddOptions(Command command) => _name.AddTo(command);

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var context = await OpenAsync(cancel);
        await context.Client.SendAsync(HttpMethod.Post, await _name.PathAsync(context, parsed, cancel) + "/revokeSignInSessions", null, cancel);
    }
}
