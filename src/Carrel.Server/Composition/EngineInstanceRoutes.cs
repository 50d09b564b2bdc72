using System.Collections.Concurrent;
using System.Net;
using Carrel.AgentProtocol;
using Carrel.Engine.Machines;
using Carrel.Engine.Storage;
using Carrel.Gateway.Instances;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;

namespace Carrel.Server.Composition;

/// <summary>
/// Where instances are, for the gateway: from memory as long as the store has not changed. Asked on every request, so a name that was never
/// there is not remembered; otherwise whoever tries names would fill the memory.
/// </summary>
internal sealed class EngineInstanceRoutes(IEngineStore store, MachineSecrets secrets) : IInstanceRoutes
{
    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.OrdinalIgnoreCase);

    public async ValueTask<InstanceRoute?> FindAsync(string location, string name)
    {
        string key = $"{location}/{name}";
        // Taken before the read: a change meanwhile makes what was read stale at once.
        long changes = store.Changes;
        if (_known.TryGetValue(key, out Known? known) && known.Changes == changes)
            return known.Route;
        ComputeInstance? instance = await store.ReadAsync(view => view.FindInstance(location, name));
        if (instance is null)
        {
            _known.TryRemove(key, out _);
            return null;
        }

        InstanceRoute route = ToRoute(instance);
        _known[key] = new Known(changes, route);
        return route;
    }

    internal InstanceRoute ToRoute(ComputeInstance instance)
    {
        bool isOpen = LifecycleRules.Decide(InstanceCall.OpenApplication, instance.State.State).Outcome == LifecycleOutcome.Allowed;
        return new InstanceRoute(
            instance.Uid.ToString("D"),
            instance.Address.Name,
            instance.Location,
            instance.Owner,
            instance.State.State.ToString(),
            isOpen,
            instance.State.PrivateAddress is { } address ? IPAddress.Parse(address) : null,
            secrets.Of(instance.Uid).Derive(MachineSecret.JupyterPurpose))
        {
            ResourceId = instance.Address.ResourceId,
            Port = AgentContract.JupyterPort,
            Applications =
            [
                .. instance.Model.CustomServices.SelectMany(service => service.Endpoints.Select(endpoint => new ApplicationRoute(service.Name, endpoint.Published))),
            ],
        };
    }

    private sealed record Known(long Changes, InstanceRoute Route);
}
