using Microsoft.Extensions.Logging;

namespace Carrel.Hosts.Docker.Firewall;

/// <summary>Keeps the host rules of one installation standing.</summary>
internal sealed class HostRules(DockerHostOptions options, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile bool _stood;

    public void Dispose() => _one.Dispose();

    /// <summary>Reads what stands and repairs it; true when something had to change.</summary>
    public Task<bool> EnsureAsync(CancellationToken cancellation) => AloneAsync(
        async () =>
        {
            var rules = new HostRuleSet(options.Installation, options.BridgePrefix, HostResolvers.Read());
            var changed = await ChangeAsync((standing, version6) => rules.Repair(standing, version6), cancellation);
            if (changed && _stood)
                logger.RulesRestored();
            _stood = true;
            return changed;
        },
        cancellation);

    /// <summary>
    /// Makes sure of the rules once in this process's life: no machine runs before them. Afterwards the engine's regular call keeps them.
    /// </summary>
    public Task EnsureOnceAsync(CancellationToken cancellation) => _stood ? Task.CompletedTask : EnsureAsync(cancellation);

    public Task RemoveAsync(CancellationToken cancellation) => AloneAsync(
        async () =>
        {
            var rules = new HostRuleSet(options.Installation, options.BridgePrefix, []);
            _stood = false;
            return await ChangeAsync((standing, _) => rules.Removal(standing), cancellation);
        },
        cancellation);

    private static async Task<bool> ChangeAsync(Func<IReadOnlyList<string>, bool, string?> decide, CancellationToken cancellation)
    {
        var changed = false;
        foreach (var version6 in File.Exists("/proc/net/if_inet6") ? new[] { false, true } : [false])
        {
            if (decide(await PacketFilter.ReadAsync(version6, cancellation), version6) is not { } script)
                continue;
            await PacketFilter.ApplyAsync(version6, script, cancellation);
            changed = true;
        }

        return changed;
    }

    private async Task<bool> AloneAsync(Func<Task<bool>> work, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            return await work();
        }
        finally
        {
            _one.Release();
        }
    }
}
