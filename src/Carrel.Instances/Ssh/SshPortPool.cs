namespace Carrel.Instances.Ssh;

/// <summary>The ports of this server's address at which instances are reached by SSH, one for each (contract 13.2).</summary>
/// <param name="First">First port, 1 to 65535.</param>
/// <param name="Last">Last port, not below the first.</param>
public sealed record SshPortPool(int First, int Last)
{
    /// <summary>Port of an instance without a public address, which is reached at its own (contract 13.2).</summary>
    public const int PrivatePort = 22;

    /// <summary>A thousand ports from 50000 on.</summary>
    public static SshPortPool Default { get; } = new(50000, 50999);

    /// <summary>The lowest port that is free, or null when all are taken.</summary>
    /// <param name="taken">Ports of instances; others than the pool's do not matter.</param>
    /// <param name="unusable">Ports that other programs have.</param>
    public int? Lowest(IEnumerable<int> taken, IEnumerable<int> unusable)
    {
        var used = taken.Concat(unusable).ToHashSet();
        for (var port = First; port <= Last; port++)
        {
            if (!used.Contains(port))
            {
                return port;
            }
        }

        return null;
    }
}
