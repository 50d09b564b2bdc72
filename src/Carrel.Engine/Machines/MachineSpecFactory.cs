using System.Text;
using Carrel.Instances.Hosting;
using Carrel.Instances.Resources;
using Carrel.Instances.Sizes;

namespace Carrel.Engine.Machines;

/// <summary>Turns an instance into what its host has to make.</summary>
public sealed class MachineSpecFactory(VmSizeCatalogue sizes, MachineSecrets secrets, EngineOptions options)
{
    /// <summary>The machine of an instance.</summary>
    public MachineSpec For(ComputeInstance instance)
    {
        VmSize size = sizes.Find(instance.Model.VmSize)
            ?? throw new HostRefusedException("VmSizeNotSupported", $"The size {instance.Model.VmSize} is no longer in the catalogue: create the instance anew with another size.");
        return new MachineSpec(
            instance.Uid,
            instance.Address.Name,
            instance.Address.Workspace,
            NetworkOf(instance),
            size.VCpus,
            size.MemoryBytes,
            size.TemporaryDiskBytes,
            ShareFolder(instance.WorkspaceUid),
            instance.OwnerAlias,
            instance.Model.EnableRootAccess,
            secrets.Of(instance.Uid).Reveal());
    }

    /// <summary>The network of an instance: its subnet's, or its workspace's (contract 14).</summary>
    internal static NetworkSpec NetworkOf(ComputeInstance instance) => instance.Model.SubnetId is { } subnet
        ? SubnetNetwork.Of(subnet)
        : new NetworkSpec(instance.WorkspaceUid, NetworkName(instance.Address.Workspace));

    /// <summary>Folder of a workspace's file share on the host.</summary>
    public string ShareFolder(Guid workspaceUid) => Path.Combine(options.SharesFolder, workspaceUid.ToString("D"));

    // A workspace's name may hold characters that a network's name may not.
    private static string NetworkName(string workspace)
    {
        var name = new StringBuilder(workspace.Length);
        foreach (char character in workspace)
            name.Append(char.IsAsciiLetterOrDigit(character) ? character : '-');
        return name.ToString();
    }
}
