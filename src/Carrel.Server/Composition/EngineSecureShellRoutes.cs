using System.Net;
using Carrel.AgentProtocol;
using Carrel.Engine.SecureShell;
using Carrel.Engine.Storage;
using Carrel.Gateway.SecureShell;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;

namespace Carrel.Server.Composition;

/// <summary>The ways in by SSH, for the gateway.</summary>
internal sealed class EngineSecureShellRoutes(IEngineStore store, EngineInstanceRoutes routes, SecureShellPorts ports) : ISecureShellRoutes
{
    public long Changes => store.Changes;

    public async Task<IReadOnlyList<SecureShellRoute>> ListAsync(CancellationToken cancellation) =>
    [
        .. (await store.ReadAsync(view => view.ListInstancesWithSshPort(), cancellation)).Where(instance => IsUp(instance.State.State))
            .Select(instance => new SecureShellRoute(routes.ToRoute(instance), instance.SshPort!.Value)),
    ];

    // While something is set up its owner may look, and afterwards find out what went wrong.
    public async Task<IPEndPoint?> FindMachineAsync(string uid, CancellationToken cancellation) =>
        await store.ReadAsync(view => view.FindInstance(Guid.Parse(uid)), cancellation) is { State.PrivateAddress: { } address } instance && IsUp(instance.State.State)
            ? new IPEndPoint(IPAddress.Parse(address), AgentContract.SecureShellPort)
            : null;

    public Task<int?> MoveAsync(string uid, IReadOnlyCollection<int> unusable, CancellationToken cancellation) => ports.MoveAsync(Guid.Parse(uid), unusable, cancellation);

    // The port is there before the machine is, so that it is when the instance says that it runs.
    private static bool IsUp(InstanceState state) => state is not
        (InstanceState.Stopped or InstanceState.Stopping or InstanceState.Deleting or InstanceState.CreateFailed or InstanceState.Unusable);
}
