using System.Net;
using Carrel.Gateway.Instances;

namespace Carrel.Gateway.SecureShell;

/// <summary>Which ports lead to which instances by SSH (contract 13.2). Implemented by the server over the engine.</summary>
public interface ISecureShellRoutes
{
    /// <summary>Counts changes: as long as it stays, a list is good. Asked several times a second.</summary>
    long Changes { get; }

    /// <summary>Every instance with a port of its own that runs or is about to.</summary>
    Task<IReadOnlyList<SecureShellRoute>> ListAsync(CancellationToken cancellation);

    /// <summary>Where the machine's secure shell server is, or null while there is no machine that runs.</summary>
    /// <param name="uid">Unique id of the instance.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<IPEndPoint?> FindMachineAsync(string uid, CancellationToken cancellation);

    /// <summary>Gives an instance another port.</summary>
    /// <param name="uid">Unique id of the instance.</param>
    /// <param name="unusable">Ports that other programs have.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The new port; null when none is free or the instance has gone.</returns>
    Task<int?> MoveAsync(string uid, IReadOnlyCollection<int> unusable, CancellationToken cancellation);
}

/// <summary>One way in by SSH.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="Port">Port of the server.</param>
public sealed record SecureShellRoute(InstanceRoute Instance, int Port);
