using System.Buffers.Binary;
using System.Net;

namespace Carrel.Hosts.Docker.Networks;

/// <summary>Which /24 of the pool a new network gets, and which address of its /24 a new machine gets.</summary>
internal static class SubnetPool
{
    private const int SubnetPrefix = 24;

    /// <summary>
    /// Free /24 networks in the order to try them. The search begins at a place of the installation's own, so that installations on one
    /// engine seldom ask for the same one.
    /// </summary>
    public static IEnumerable<IPNetwork> Candidates(IPNetwork pool, IReadOnlyCollection<IPNetwork> taken, Guid installation)
    {
        if (pool.PrefixLength is < 8 or > SubnetPrefix || pool.BaseAddress.AddressFamily != System.Net.Sockets.AddressFamily.InterNetwork)
            throw new ArgumentException($"The address pool '{pool}' is not an IPv4 range with a prefix of 8 to {SubnetPrefix}.", nameof(pool));
        var count = 1u << (SubnetPrefix - pool.PrefixLength);
        var first = Number(pool.BaseAddress);
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(installation.ToByteArray().AsSpan(12)) % count;
        for (var index = 0u; index < count; index++)
        {
            var subnet = new IPNetwork(Address(first + ((index + offset) % count << 8)), SubnetPrefix);
            if (!taken.Any(other => Overlap(subnet, other)))
                yield return subnet;
        }
    }

    /// <summary>The router's address, which is the bridge's own on the host.</summary>
    public static string Gateway(IPNetwork subnet) => Address(Number(subnet.BaseAddress) + 1).ToString();

    /// <summary>The lowest address for a machine that is not taken, or null when the /24 is full.</summary>
    public static string? FreeAddress(IPNetwork subnet, IReadOnlySet<string> taken) =>
        Enumerable.Range(2, 253)
            .Select(host => Address(Number(subnet.BaseAddress) + (uint)host).ToString())
            .FirstOrDefault(address => !taken.Contains(address));

    /// <summary>The /24 an address lies in.</summary>
    public static IPNetwork SubnetOf(IPAddress address) => new(Address(Number(address) & 0xFFFFFF00), SubnetPrefix);

    private static bool Overlap(IPNetwork one, IPNetwork other) => one.Contains(other.BaseAddress) || other.Contains(one.BaseAddress);

    private static uint Number(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    private static IPAddress Address(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }
}
