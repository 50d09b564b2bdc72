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
            var changed = await ChangeAsync(HostResolvers.Read(), (table, standing) => table.Repair(standing), cancellation);
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
            _stood = false;
            return await ChangeAsync([], (table, standing) => table.Removal(standing), cancellation);
        },
        cancellation);

    private async Task<bool> ChangeAsync(
        IReadOnlyList<string> resolvers, Func<RuleTable, IReadOnlyList<string>, string?> decide, CancellationToken cancellation)
    {
        var rules = new HostRuleSet(options.Installation, options.BridgePrefix, resolvers, options.MetadataPort);
        var changed = false;
        foreach (var version6 in File.Exists("/proc/net/if_inet6") ? new[] { false, true } : [false])
        {
            foreach (var table in rules.Tables(version6))
            {
                if (decide(table, await PacketFilter.ReadAsync(table.Name, version6, cancellation)) is not { } script)
                    continue;
                await PacketFilter.ApplyAsync(version6, script, cancellation);
                changed = true;
            }
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
