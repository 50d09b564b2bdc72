using Carrel.Engine.Commands;
using Carrel.Engine.Events;
using Carrel.Engine.Storage;
using Carrel.Instances.Resources;
using Carrel.Instances.Specs;
using Carrel.Instances.Ssh;
using NodaTime;

namespace Carrel.Engine.SecureShell;

/// <summary>Which port of the server leads to which instance (contract 13.2): given at creation, kept over stop and start, free again with the deletion.</summary>
public sealed class SecureShellPorts(IEngineStore store, SshPortPool pool, TimeProvider time)
{
    private const string SshPath = "properties.properties.sshSettings.sshPublicAccess";

    /// <summary>Gives a new instance its port when it asks for SSH and has a public address.</summary>
    /// <exception cref="RefusedException">409 <c>SshPortsExhausted</c>: every port is taken.</exception>
    internal void Give(IEngineTransaction transaction, Guid instanceUid, ComputeInstanceModel model)
    {
        if (!model.SshEnabled || !model.EnableNodePublicIp)
        {
            transaction.SetSshPort(instanceUid, null);
            return;
        }

        transaction.SetSshPort(instanceUid, pool.Lowest(transaction.ListSshPorts(), []) ?? throw new RefusedException(
            RefusalKind.Conflict,
            "SshPortsExhausted",
            $"All ports from {pool.First} to {pool.Last} are taken by instances with SSH. Delete one that nobody needs, create this one without SSH, or let the operator widen CARREL_SSH_PORTS.",
            SshPath));
    }

    /// <summary>Gives an instance another port, because a program of somebody else has its own; it is told in the activity log and shown by the next read.</summary>
    /// <param name="instanceUid">The instance.</param>
    /// <param name="unusable">Ports that other programs have.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The new port; null when no other one is free or the instance has gone.</returns>
    public Task<int?> MoveAsync(Guid instanceUid, IReadOnlyCollection<int> unusable, CancellationToken cancellation) => store.WriteAsync<int?>(
        transaction =>
        {
            if (transaction.FindInstance(instanceUid) is not { SshPort: { } former } instance)
                return null;
            if (pool.Lowest(transaction.ListSshPorts(), unusable) is not { } port)
                return null;
            transaction.SetSshPort(instanceUid, port);
            transaction.Append(Moved(instance, former, port));
            return port;
        },
        cancellation);

    private ActivityEvent Moved(ComputeInstance instance, int former, int port) => new(
        Instant.FromDateTimeOffset(time.GetUtcNow()),
        Service.Principal,
        "Carrel/sshPort",
        instance.Address.ResourceId,
        "Succeeded",
        "Reconciler",
        $"Its port for SSH is {port} now: another program of the server's machine uses {former}.",
        "",
        Guid.NewGuid().ToString("D"))
    {
        Level = EventLevel.Warning,
    };
}
