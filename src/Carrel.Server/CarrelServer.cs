using Carrel.Instances.Hosting;
using Carrel.Server.Composition;
using Carrel.Server.Configuration;
using Carrel.Store;

namespace Carrel.Server;

/// <summary>The program: <c>Carrel.Server</c> runs the server, <c>Carrel.Server purge</c> removes what the installation made on its host.</summary>
public static class CarrelServer
{
    private const int Refused = 1;
    private const int WrongUsage = 2;

    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">Nothing, or <c>purge</c>.</param>
    /// <param name="variable">Reads an environment variable.</param>
    /// <param name="errors">Where a refusal is told, in one sentence.</param>
    /// <returns>The exit code: 0, 1 when something does not let it run, 2 for wrong usage.</returns>
    public static async Task<int> RunAsync(string[] arguments, Func<string, string?> variable, TextWriter errors)
    {
        try
        {
            ServerOptions options = ServerOptions.Read(variable);
            switch (arguments)
            {
                case []:
                    await CarrelApplication.RunAsync(options);
                    return 0;
                case ["purge"]:
                    await Purge.RunAsync(options);
                    return 0;
                default:
                    await errors.WriteLineAsync("Usage: Carrel.Server [purge]");
                    return WrongUsage;
            }
        }
        catch (Exception fault) when (fault is ConfigurationException or StoreTooNewException or HostUnavailableException or HostRefusedException or InvalidDataException)
        {
            await errors.WriteLineAsync("carrel: " + fault.Message);
            return Refused;
        }
        catch (IOException fault) when (fault.Message.Contains("address already in use", StringComparison.OrdinalIgnoreCase))
        {
            await errors.WriteLineAsync($"carrel: a port is taken ({fault.Message}): stop what uses it, or set CARREL_URL or CARREL_HTTP_PORT to another one.");
            return Refused;
        }
    }
}
