using System.Text.RegularExpressions;
using Carrel.Instances.Hosting;

namespace Carrel.Hosts.Docker;

/// <summary>
/// Names on the engine: readable, with the last 12 digits of the id (random in every GUID version) so that they cannot collide.
/// Nothing is ever found by them; they stop the engine from making the same thing twice.
/// </summary>
internal static partial class ObjectNames
{
    public static string Container(MachineSpec machine) => $"carrel-{Plain(machine.InstanceName)}-{Tail(machine.Id, 12)}";

    public static string Volume(MachineSpec machine) => $"{Container(machine)}-home";

    public static string Network(NetworkSpec network) => $"carrel-{Plain(network.Name)}-{Tail(network.Id, 12)}";

    /// <summary>The bridge's interface; the engine refuses a second network on it, which is what makes a duplicate impossible.</summary>
    public static string Bridge(DockerHostOptions options, Guid network) => options.BridgePrefix + Tail(network, 8);

    private static string Tail(Guid id, int digits) => id.ToString("N")[^digits..];

    private static string Plain(string name) => NotPlain().Replace(name, "-");

    [GeneratedRegex("[^A-Za-z0-9-]")]
    private static partial Regex NotPlain();
}
