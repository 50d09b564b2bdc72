using System.Text.Json.Nodes;
using Carrel.Cli.Configuration;
using Carrel.Cli.Consoles;
using Carrel.Cli.Errors;
using Carrel.Cli.Http;
using Carrel.Cli.SignIn;

namespace Carrel.Cli.Commands;

/// <summary>What a verb that talks to the server needs: settings and a client signed in as the caller.</summary>
internal sealed class CommandContext(CliHost host, Settings settings, ArmClient client) : IDisposable
{
    /// <summary>The settings.</summary>
    public Settings Settings => settings;

    /// <summary>The client.</summary>
    public ArmClient Client => client;

    /// <summary>Reads the settings and signs in.</summary>
    public static async Task<CommandContext> OpenAsync(CliHost host, CancellationToken cancel)
    {
        var settings = new Settings(host, ConfigFile.Locate(host));
        return new CommandContext(host, settings, await new Session(host, settings).OpenAsync(cancel));
    }

    /// <summary>An ARM path with its api-version.</summary>
    public static string Versioned(string path) => $"{path}?api-version={ArmClient.ApiVersion}";

    /// <summary>GET of one resource.</summary>
    public async Task<JsonObject> GetResourceAsync(string path, CancellationToken cancel) =>
        await client.GetAsync(Versioned(path), cancel) as JsonObject
        ?? throw new CliException(ExitCode.Refused, "The server answered with something that is not a resource.");

    /// <summary>GET of one object of the directory, which has no api-version.</summary>
    public async Task<JsonObject> GetObjectAsync(string path, CancellationToken cancel) =>
        await client.GetAsync(path, cancel) as JsonObject
        ?? throw new CliException(ExitCode.Refused, "The server answered with something that is not an object of the directory.");

    /// <summary>DELETE of one resource; says so where nothing was there.</summary>
    /// <param name="address">Path and query of the resource.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="kind">What it is called in messages, such as "workspace"; null for one whose absence is a 404 and no success (204).</param>
    /// <param name="wait">Whether to return only when it is gone.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task DeleteAsync(string address, string name, string? kind, bool wait, CancellationToken cancel)
    {
        var accepted = await client.SendAsync(HttpMethod.Delete, address, null, cancel);
        if (accepted.Status == 204 && kind is not null)
            host.Error.WriteLine($"There is no {kind} {name}; nothing was deleted.");
        else if (wait)
            await WaitAsync(accepted, null, $"Deleting {name}", cancel);
    }

    /// <summary>Waits for what an answer began.</summary>
    public Task WaitAsync(ArmResponse accepted, string? resource, string label, CancellationToken cancel) =>
        new OperationPoller(host, client).WaitAsync(accepted, resource is null ? null : Versioned(resource), label, cancel);

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();
}
