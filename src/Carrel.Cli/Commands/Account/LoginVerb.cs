using System.CommandLine;
using Carrel.Cli.Configuration;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Http;
using Carrel.Cli.SignIn;

namespace Carrel.Cli.Commands.Account;

/// <summary><c>carrel login</c>: a person through the browser, or a service principal with its secret. Writes the configuration file.</summary>
internal sealed class LoginVerb(CliHost host) : IVerb
{
    private readonly Option<string?> _url = new("--url") { Description = "Address of the server, https://HOST:PORT.", HelpName = "url" };
    private readonly Option<string?> _ca = new("--ca") { Description = "PEM file of the authority that made the server's certificate.", HelpName = "file" };
    private readonly Option<string?> _tenant = new("--tenant", "-t") { Description = "Tenant id.", HelpName = "id" };
    private readonly Option<bool> _deviceCode = new("--device-code", "--use-device-code") { Description = "Sign in on another device: shows a code to enter there. Also where no browser can be opened." };
    private readonly Option<bool> _servicePrincipal = new("--service-principal") { Description = "Sign in as a service principal, without a browser." };
    private readonly Option<string?> _user = new("--username", "-u") { Description = "Client id of the service principal.", HelpName = "id" };
    private readonly Option<string?> _password = new("--password", "-p")
    {
        Description = "Its secret, @FILE to read it from a file, or - to read it from standard input.", HelpName = "secret|@file|-",
    };

    /// <inheritdoc/>
    public Command Build()
    {
        var command = new Command("login", "Sign in, in the browser by default. Not needed where CARREL_CLIENT_ID and CARREL_CLIENT_SECRET are set.")
        {
            _url, _ca, _tenant, _deviceCode, _servicePrincipal, _user, _password,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var settings = new Settings(host, ConfigFile.Locate(host));
        var server = parsed.GetValue(_url) is { } url ? Settings.ParseServer(url) : settings.Server;
        var ca = parsed.GetValue(_ca) is { } file ? Path.GetFullPath(file) : settings.CertificateFile;
        var tenant = parsed.GetValue(_tenant) ?? settings.Tenant;
        var secret = Secret(parsed, settings);
        using var client = ArmClient.Create(host, server, ca, token: null);
        var endpoint = new TokenEndpoint(client, tenant ?? "organizations", host.Time);
        var token = secret is { } pair
            ? await endpoint.WithSecretAsync(pair.Id, pair.Secret, cancel)
            : (parsed.GetValue(_deviceCode) ? null : await new BrowserSignIn(host, endpoint).RunAsync(cancel))
                ?? await new DeviceSignIn(host, endpoint).RunAsync(cancel);
        var account = SignIn.Account.FromToken(token.AccessToken);
        await SaveAsync(settings, server, ca, tenant ?? account.Tenant, token, cancel);

        host.Error.WriteLine($"Signed in to {server.GetLeftPart(UriPartial.Authority)} as {account.Name}.");
        if (secret is not null)
            host.Error.WriteLine($"The secret is not kept; this sign-in ends at {token.ExpiresOn:u}.");
        if (host.Variable("CARREL_URL") is { } other && Settings.ParseServer(other) != server)
            host.Warn($"CARREL_URL names another server ({other}) and wins over this login.");
        if (secret is null && new Session(host, settings).UsesEnvironment)
            host.Warn("CARREL_CLIENT_ID and CARREL_CLIENT_SECRET are set and win over this login: unset them to act as yourself.");
        return ExitCode.Ok;
    }

    private async Task SaveAsync(Settings settings, Uri server, string? ca, string? tenant, Token token, CancellationToken cancel)
    {
        var content = settings.Stored;
        // Defaults of another server would name things that are not there.
        if (content["url"]?.ToString() is { } before && before != server.AbsoluteUri)
            content.Clear();
        content["url"] = server.AbsoluteUri;
        content["ca"] = ca;
        content["tenant"] = tenant;
        TokenCache.Store(content, server, token);
        using var client = ArmClient.Create(host, server, ca, token.AccessToken);
        await new LoginDefaults(host, client).FillAsync(content, cancel);
        settings.File.Write(content);
    }

    private (string Id, string Secret)? Secret(ParseResult parsed, Settings settings)
    {
        var id = parsed.GetValue(_user);
        var given = parsed.GetValue(_password);
        if (!parsed.GetValue(_servicePrincipal))
            return id is null && given is null ? null : throw CliException.Usage("-u and -p belong to --service-principal; a person signs in in the browser.");
        if (parsed.GetValue(_deviceCode))
            throw CliException.Usage("--device-code is for people, --service-principal for programs: give one of them.");
        if (id is null || given is null || settings.Tenant is null && parsed.GetValue(_tenant) is null)
            throw CliException.Usage("--service-principal needs -u ID, -p SECRET and --tenant ID.");
        return (id, SecretText.Read(host, given));
    }
}
