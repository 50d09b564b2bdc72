using Carrel.Instances.Resources;
using Dapper;

namespace Carrel.Store.Engine;

// Ports of the server that lead to instances by SSH (contract 13.2).
internal partial class EngineView
{
    public IReadOnlyList<int> ListSshPorts() => [.. Connection.Query<int>("SELECT ssh_port FROM instances WHERE ssh_port IS NOT NULL ORDER BY ssh_port", transaction: Transaction)];

    public IReadOnlyList<ComputeInstance> ListInstancesWithSshPort() => Every("WHERE ssh_port IS NOT NULL", null).Readable;
}
