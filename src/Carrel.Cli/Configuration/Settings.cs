using System.Text.Json.Nodes;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;

namespace Carrel.Cli.Configuration;

/// <summary>Which server and whose resources: a flag wins over the environment (client.env), that over the file of login.</summary>
internal sealed class Settings(CliHost host, ConfigFile file)
{
    private readonly JsonObject _stored = file.Read();

    /// <summary>The file behind these settings.</summary>
    public ConfigFile File => file;

    /// <summary>The content of the file at the start of the command.</summary>
    public JsonObject Stored => _stored;

    /// <summary>CARREL_URL, or the server of the last login.</summary>
    public Uri Server => ParseServer(host.Variable("CARREL_URL") ?? Text("url")
        ?? throw CliException.Usage("No server is known: source client.env, set CARREL_URL, or run 'carrel login --url URL'."));

    /// <summary>CARREL_CA, or the file named at login; null means the system's trust alone.</summary>
    public string? CertificateFile => host.Variable("CARREL_CA") ?? Text("ca");

    /// <summary>CARREL_TENANT, or the tenant of the last login.</summary>
    public string? Tenant => host.Variable("CARREL_TENANT") ?? Text("tenant");

    /// <summary>Subscription: flag, CARREL_SUBSCRIPTION, login.</summary>
    public string Subscription(string? flag) => Required(flag, "CARREL_SUBSCRIPTION", "subscription", "--subscription");

    /// <summary>Resource group: flag, CARREL_GROUP, login.</summary>
    public string Group(string? flag) => Required(flag, "CARREL_GROUP", "group", "--resource-group");

    /// <summary>Workspace: flag, CARREL_WORKSPACE, login.</summary>
    public string Workspace(string? flag) => Required(flag, "CARREL_WORKSPACE", "workspace", "--workspace-name");

    /// <summary>A value that may be missing: flag, environment, login.</summary>
    public string? Optional(string? flag, string variable, string key) =>
        flag is { Length: > 0 } ? flag : host.Variable(variable) ?? Text(key);

    /// <summary>Checks and normalises a server address: https, an origin and nothing else.</summary>
    public static Uri ParseServer(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var server) || server.Scheme != Uri.UriSchemeHttps)
            throw CliException.Usage($"'{text}' is no address of a server: it must look like https://HOST:PORT (tokens are never sent over plain http).");
        return new Uri(server.GetLeftPart(UriPartial.Authority) + "/");
    }

    private string Required(string? flag, string variable, string key, string option) => Optional(flag, variable, key)
        ?? throw CliException.Usage($"No {key} is known: give {option}, or set {variable}.");

    private string? Text(string key) => _stored[key]?.ToString() is { Length: > 0 } value ? value : null;
}
