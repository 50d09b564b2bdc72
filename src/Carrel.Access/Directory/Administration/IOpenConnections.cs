namespace Carrel.Access.Directory.Administration;

/// <summary>
/// Connections that stay open behind what was checked when they began: WebSockets through the gateway, later SSH sessions. Each kind registers itself,
/// and is told when everything of a principal has to end.
/// </summary>
public interface IOpenConnections
{
    /// <summary>Ends everything that a principal has open. The directory says already that the principal may not, so what opens meanwhile is refused.</summary>
    /// <returns>How many were ended.</returns>
    int CloseUser(Guid objectId);
}
