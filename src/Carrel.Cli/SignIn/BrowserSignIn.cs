using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.SignIn;

/// <summary>A person signs in on the server's page; the code comes back to this computer and is exchanged with its PKCE proof.</summary>
internal sealed class BrowserSignIn(CliHost host, TokenEndpoint endpoint)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Leads the person through it.</summary>
    /// <returns>The token, or null: there is no browser here.</returns>
    public async Task<Token?> RunAsync(CancellationToken cancel)
    {
        using var listener = new LoopbackListener();
        var verifier = Random();
        var state = Random();
        var page = endpoint.AuthorizePage(listener.Address, state, Challenge(verifier));
        if (!host.OpenBrowser(page))
            return null;
        host.Error.WriteLine("A page to sign in has been opened in your browser. Where that does not help: carrel login --device-code");
        using var deadline = new CancellationTokenSource(Patience, host.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        IReadOnlyDictionary<string, string> query;
        try
        {
            query = await listener.WaitAsync(state, both.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw CliException.NotSignedIn($"Nobody signed in within {Patience.TotalMinutes:0} minutes: run 'carrel login' again.");
        }
        if (!query.TryGetValue("code", out var code))
        {
            var reason = query.GetValueOrDefault("error_description") ?? query.GetValueOrDefault("error") ?? "no code came back";
            throw CliException.NotSignedIn($"Sign-in was refused: {reason}");
        }
        return await endpoint.WithCodeAsync(code, listener.Address, verifier, cancel);
    }

    /// <summary>The S256 challenge of a verifier (RFC 7636 4.2).</summary>
    internal static string Challenge(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    private static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
