using Carrel.Instances.Hosting;

namespace Carrel.Hosts.Docker;

/// <summary>The labels by which objects are found again. They never hold a secret: whoever may use the engine reads them.</summary>
internal static class ObjectLabels
{
    public const string Installation = "carrel.installation";
    public const string Machine = "carrel.machine";
    public const string Network = "carrel.network";
    public const string NetworkName = "carrel.network.name";
    public const string Instance = "carrel.instance";
    public const string Workspace = "carrel.workspace";
    public const string ImageVersion = "carrel.image.version";

    public static Dictionary<string, string> Of(Guid installation, NetworkSpec network) => new()
    {
        [Installation] = installation.ToString(),
        [Network] = network.Id.ToString(),
        [NetworkName] = network.Name,
    };

    /// <summary>Labels of a machine's disk.</summary>
    public static Dictionary<string, string> OfDisk(Guid installation, MachineSpec machine) => new()
    {
        [Installation] = installation.ToString(),
        [Machine] = machine.Id.ToString(),
        [Instance] = machine.InstanceName,
        [Workspace] = machine.WorkspaceName,
    };

    /// <summary>Labels of a machine's container: those of its disk and of its network, so that the network can be made anew for it.</summary>
    public static Dictionary<string, string> OfContainer(Guid installation, MachineSpec machine)
    {
        var labels = OfDisk(installation, machine);
        labels[Network] = machine.Network.Id.ToString();
        labels[NetworkName] = machine.Network.Name;
        return labels;
    }

    public static Guid? Id(IReadOnlyDictionary<string, string>? labels, string label) =>
        labels is not null && labels.TryGetValue(label, out var value) && Guid.TryParse(value, out var id) ? id : null;
}
