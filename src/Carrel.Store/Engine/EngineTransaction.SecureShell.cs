using static Carrel.Store.Engine.Columns;

namespace Carrel.Store.Engine;

// Ports of the server that lead to instances by SSH (contract 13.2).
internal sealed partial class EngineTransaction
{
    public void SetSshPort(Guid instanceUid, int? port) => Run("UPDATE instances SET ssh_port = @port WHERE uid = @uid", new { uid = Text(instanceUid), port });
}
