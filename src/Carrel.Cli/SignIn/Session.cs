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
        var kept = TokenCache.Load(settings);
        if (kept is null && host.Variable(OwnerSocket.Variable) is { } socket)
            return await OwnerSocket.TokenAsync(socket, settings.Server.GetLeftPart(UriPartial.Authority), cancel);
        var token = kept
            ?? throw CliException.NotSignedIn("Nobody is signed in: run 'carrel login', or source client.env to use its service principal.");
        if (token.ExpiresOn - Margin > host.Time.GetUtcNow())
            return token;
        if (token.RefreshToken is null)
            throw CliException.NotSignedIn("Your sign-in has expired: run 'carrel login' again.");
        var renewed = await WithEndpointAsync(endpoint => endpoint.WithRefreshAsync(token.RefreshToken, cancel));
        renewed = renewed with { RefreshToken = renewed.RefreshToken ?? token.RefreshToken };
        TokenCache.Store(settings.Stored, settings.Server, renewed);
        settings.File.Write(settings.Stored);
        return renewed;
    }

    private async Task<Token> WithEndpointAsync(Func<TokenEndpoint, Task<Token>> request)
    {
        using var client = ArmClient.Create(host, settings.Server, settings.CertificateFile, token: null);
        return await request(new TokenEndpoint(client, settings.Tenant ?? "organizations", host.Time));
    }
}
