using Carrel.Instances.Resources;

namespace Carrel.Engine.Storage;

/// <summary>Reads of the ports at which instances are reached by SSH (contract 13.2).</summary>
public interface ISecureShellView
{
    /// <summary>Every port that an instance has, running or not.</summary>
    IReadOnlyList<int> ListSshPorts();

    /// <summary>Every instance that has such a port.</summary>
    IReadOnlyList<ComputeInstance> ListInstancesWithSshPort();
}

/// <summary>Writes of the same.</summary>
public interface ISecureShellWrites
{
    /// <summary>Gives an instance a port, or takes it away with null. The store holds that no two have the same.</summary>
    void SetSshPort(Guid instanceUid, int? port);
}
