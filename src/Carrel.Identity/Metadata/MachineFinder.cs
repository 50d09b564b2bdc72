using System.Net;
using Carrel.Instances.Hosting;

namespace Carrel.Identity.Metadata;

/// <summary>
/// Which running machine has an address at this moment. The host is asked each time: an address goes to another machine as soon as its machine has
/// stopped, so nothing of the past tells whose it is. What the store says is only where to look first.
/// </summary>
/// <param name="host">The host.</param>
/// <param name="presumed">Whose the address was when the store was written; null for nobody's.</param>
internal sealed class MachineFinder(IInstanceHost host, Func<string, CancellationToken, Task<Guid?>> presumed) : IDisposable
{
    // The host is asked for many things; machines must not keep it busy with this one.
    private readonly SemaphoreSlim _asking = new(4);

    /// <summary>The machine, or null when no running one, or more than one, has the address.</summary>
    /// <exception cref="HostUnavailableException">The host does not answer.</exception>
    internal async Task<Guid?> FindAsync(IPAddress address, CancellationToken cancellation)
    {
        await _asking.WaitAsync(cancellation);
        try
        {
            string text = address.ToString();
            if (await presumed(text, cancellation) is { } known && await host.InspectMachineAsync(known, cancellation) is { Phase: MachinePhase.Running } running && running.Address == text)
                return known;
            IReadOnlyList<MachineStatus> machines = await host.ListMachinesAsync(cancellation);
            return machines.Where(machine => machine.Phase == MachinePhase.Running && machine.Address == text).ToArray() is [var only] ? only.Id : null;
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _asking.Dispose();
}
