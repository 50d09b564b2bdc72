using Carrel.Access.Tokens;
using Carrel.Engine.Lines;
using Carrel.Engine.Storage;
using Carrel.Identity.Metadata;
using Carrel.Identity.Owners;
using Carrel.Identity.Tokens;
using Carrel.Instances.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Carrel.Identity;

/// <summary>Puts the answers to machines into a server. Engine, Access and the host are registered beside it.</summary>
public static class IdentityRegistration
{
    /// <summary>Registers tokens for machines and the metadata service.</summary>
    public static IServiceCollection AddMachineIdentity(this IServiceCollection services, MetadataPort port) => services
        .AddSingleton(port)
        .AddSingleton<TokenMemory>()
        .AddSingleton<IssueLimits>()
        .AddSingleton<IdentityTokens>()
        .AddSingleton<OwnerTokens>()
        .AddSingleton<ITokenGrants>(provider => provider.GetRequiredService<OwnerTokens>())
        .AddSingleton<IMachineCalls, MachineCalls>()
        .AddSingleton(provider => new MachineFinder(provider.GetRequiredService<IInstanceHost>(), (address, cancellation) => PresumedAsync(provider, address, cancellation)))
        .AddHostedService<MetadataListener>();

    private static Task<Guid?> PresumedAsync(IServiceProvider provider, string address, CancellationToken cancellation) =>
        provider.GetRequiredService<IEngineStore>().ReadAsync(
            view => view.ListInstances().FirstOrDefault(instance => instance.State.PrivateAddress == address)?.Uid, cancellation);
}
