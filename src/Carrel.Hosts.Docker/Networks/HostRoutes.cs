using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Numerics;

namespace Carrel.Hosts.Docker.Networks;

/// <summary>The ranges this machine already has a way to; a bridge on one of them would cut it off.</summary>
internal static class HostRoutes
{
    public static IReadOnlyList<IPNetwork> Read()
    {
        try
        {
            return Parse(File.ReadAllLines("/proc/net/route"));
        }
        catch (IOException)
        {
            return [];
        }
    }

    /// <summary>Reads the lines of <c>/proc/net/route</c>: interface, destination and mask in the byte order of the machine. The default route is left out.</summary>
    public static IReadOnlyList<IPNetwork> Parse(IEnumerable<string> lines)
    {
        var networks = new List<IPNetwork>();
        foreach (var columns in lines.Skip(1).Select(line => line.Split('\t', StringSplitOptions.TrimEntries)).Where(columns => columns.Length > 7))
        {
            var mask = Number(columns[7]);
            if (mask == 0)
                continue;
            var bytes = new byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, Number(columns[1]) & mask);
            networks.Add(new IPNetwork(new IPAddress(bytes), BitOperations.PopCount(mask)));
        }

        return networks;
    }

    private static uint Number(string hexadecimal) => uint.Parse(hexadecimal, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
