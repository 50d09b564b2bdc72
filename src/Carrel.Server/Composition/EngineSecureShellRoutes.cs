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
        .. (await store.ReadAsync(view => view.ListInstancesWithSshPort(), cancellation)).Where(Runs).Select(instance => new SecureShellRoute(
            routes.ToRoute(instance), instance.SshPort!.Value, new IPEndPoint(IPAddress.Parse(instance.State.PrivateAddress!), AgentContract.SecureShellPort))),
    ];

    public Task<int?> MoveAsync(string uid, IReadOnlyCollection<int> unusable, CancellationToken cancellation) => ports.MoveAsync(Guid.Parse(uid), unusable, cancellation);

    // While something is being set up its owner may look, and afterwards find out what went wrong.
    private static bool Runs(ComputeInstance instance) => instance.State is
    {
        PrivateAddress: not null,
        State: InstanceState.Running or InstanceState.JobRunning or InstanceState.UserSettingUp or InstanceState.UserSetupFailed or InstanceState.SetupFailed or InstanceState.Unknown,
    };
}
