using Carrel.Cli.Configuration;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Http;

namespace Carrel.Cli.SignIn;

/// <summary>Finds the token a command acts with: the environment's service principal, else the last login, else inside an instance its owner's.</summary>
internal sealed class Session(CliHost host, Settings settings)
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    /// <summary>Whether CARREL_CLIENT_ID and CARREL_CLIENT_SECRET speak for the caller.</summary>
    public bool UsesEnvironment => host.Variable("CARREL_CLIENT_ID") is not null && host.Variable("CARREL_CLIENT_SECRET") is not null;

    /// <summary>What the caller's token comes from, in the words of <c>account show</c>.</summary>
    public string Source => UsesEnvironment ? "environment" : Kept is null && Socket is not null ? "single_sign_on" : "login";

    private Token? Kept => TokenCache.Load(settings.Stored, settings.Server);

    private string? Socket => host.Variable(OwnerSocket.Variable);

    /// <summary>A client that acts for the caller; made before the first request of every verb but login.</summary>
    /// <exception cref="CliException">Nobody is signed in.</exception>
    public async Task<ArmClient> OpenAsync(CancellationToken cancel)
    {
        var token = await TokenAsync(cancel);
        return ArmClient.Create(host, settings.Server, settings.CertificateFile, token.AccessToken);
    }

    /// <summary>The caller's token, fresh for at least a minute.</summary>
    public async Task<Token> TokenAsync(CancellationToken cancel)
    {
        if (UsesEnvironment)
            return await WithEndpointAsync(endpoint => endpoint.WithSecretAsync(
                host.Variable("CARREL_CLIENT_ID")!, host.Variable("CARREL_CLIENT_SECRET")!, cancel));
        var kept = Kept;
        if (kept is null && Socket is { } socket)
            return await OwnerSocket.TokenAsync(socket, settings.Server, cancel);
        var token = kept
            ?? throw CliException.NotSignedIn("Nobody is signed in: run 'carrel login', or source client.env to use its service principal.");
        if (token.ExpiresOn - Margin > host.Time.GetUtcNow())
            return token;
        return await RenewAsync(cancel);
    }

    /// <summary>Ends the kept sign-in at the server. What the server does not hear of ends there by itself.</summary>
    public async Task EndAsync(CancellationToken cancel)
    {
        if (settings.Stored["token"] is null || Kept?.RefreshToken is not { } refresh)
            return;
        try
        {
            using var client = ArmClient.Create(host, settings.Server, settings.CertificateFile, token: null);
            await new TokenEndpoint(client, settings.Tenant ?? "organizations", host.Time).EndAsync(refresh, cancel);
        }
        catch (CliException problem)
        {
            host.Warn($"The server does not know of it: {problem.Message}");
        }
    }

    // A refresh token is good once: two commands at a time must not both use it, and the later one takes what the earlier one got.
    private async Task<Token> RenewAsync(CancellationToken cancel)
    {
        using var alone = await settings.File.LockAsync(cancel);
        var content = settings.File.Read();
        var token = TokenCache.Load(content, settings.Server);
        if (token is not null && token.ExpiresOn - Margin > host.Time.GetUtcNow())
            return token;
        if (token?.RefreshToken is not { } refresh)
            throw CliException.NotSignedIn("Your sign-in has expired: run 'carrel login' again.");
        Token renewed;
        using (var client = ArmClient.Create(host, settings.Server, settings.CertificateFile, token: null))
        {
            renewed = await new TokenEndpoint(client, settings.Tenant ?? "organizations", host.Time).TryRefreshAsync(refresh, cancel)
                ?? throw CliException.NotSignedIn("Your sign-in was ended or has expired: run 'carrel login' again.");
        }
        TokenCache.Store(content, settings.Server, renewed with { RefreshToken = renewed.RefreshToken ?? refresh });
        settings.File.Write(content);
        return renewed;
    }

    private async Task<Token> WithEndpointAsync(Func<TokenEndpoint, Task<Token>> request)
    {
        using var client = ArmClient.Create(host, settings.Server, settings.CertificateFile, token: null);
        return await request(new TokenEndpoint(client, settings.Tenant ?? "organizations", host.Time));
    }
}
