using System.Net.Sockets;
using Carrel.Instances.Hosting;
using Carrel.Server.Composition;
using Carrel.Server.Configuration;
using Carrel.Store;

namespace Carrel.Server;

/// <summary>
/// The program: <c>Carrel.Server</c> runs the server, <c>Carrel.Server check</c> only reads its settings and touches nothing,
/// <c>Carrel.Server purge</c> removes what the installation made on its host.
/// </summary>
public static class CarrelServer
{
    private const int Refused = 1;
    private const int WrongUsage = 2;

    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">Nothing, <c>check</c> or <c>purge</c>.</param>
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
                case ["check"]:
                    return 0;
                default:
                    await errors.WriteLineAsync("Usage: Carrel.Server [check|purge]");
                    return WrongUsage;
            }
        }
        catch (Exception fault) when (Refusal(fault) is { } sentence)
        {
            await errors.WriteLineAsync("carrel: " + sentence);
            return Refused;
        }
    }

    /// <summary>What an operator can do about a fault, in one sentence.</summary>
    /// <returns>Null for a fault that is a defect: its stack trace says more than a sentence could.</returns>
    public static string? Refusal(Exception fault) => fault switch
    {
        ConfigurationException or StoreTooNewException or HostUnavailableException or HostRefusedException or InvalidDataException => fault.Message,
        IOException when fault.Message.Contains("address already in use", StringComparison.OrdinalIgnoreCase) =>
            $"a port is taken ({fault.Message}): stop what uses it, or set CARREL_URL or CARREL_HTTP_PORT to another one.",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } =>
            "this machine has not every address of CARREL_LISTEN, so the server cannot listen there: give addresses that 'ip address' shows.",
        SocketException { SocketErrorCode: SocketError.AccessDenied } =>
            "the ports of CARREL_URL and CARREL_HTTP_PORT may not be opened: run this as root, or choose ports above 1023.",
        _ => null,
    };
}
