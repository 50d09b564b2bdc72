using Carrel.AgentProtocol;
using Carrel.Engine.Storage;
using Carrel.Instances.Resources;

namespace Carrel.Engine.Machines;

/// <summary>What every machine is told of the server it belongs to.</summary>
/// <param name="Url">The public origin, without a final slash; null when machines are not told.</param>
/// <param name="Certificates">Reads the PEM certificates that programs have to trust for it; empty for none.</param>
public sealed record MachineSurroundings(string? Url, Func<string> Certificates)
{
    /// <summary>Machines are told nothing.</summary>
    public static MachineSurroundings None { get; } = new(null, () => "");
}

/// <summary>The settings of an instance's machine, with its identities and the way to the server.</summary>
public sealed class MachineSettingsSource(IEngineStore store, MachineSurroundings surroundings, EngineOptions options)
{
    /// <summary>The settings of an instance as it is.</summary>
    public async Task<MachineSettings> OfAsync(ComputeInstance instance, CancellationToken cancellation)
    {
        IReadOnlyList<AssignedIdentity> identities = await store.ReadAsync(view => view.ListIdentitiesOf(instance), cancellation);
        return MachineSettingsFactory.For(instance, options) with
        {
            DefaultIdentityClientId = identities.Count > 0 ? identities[0].ClientId.ToString("D") : null,
            Server = surroundings.Url is { } url
                ? new ServerAccess(url, surroundings.Certificates(), instance.CreatedBy.TenantId.ToString("D"), instance.Address.SubscriptionId)
                : null,
        };
    }
}
