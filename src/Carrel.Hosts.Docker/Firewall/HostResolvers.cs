using System.Net;
using System.Net.Sockets;

namespace Carrel.Hosts.Docker.Firewall;

/// <summary>Name servers of the host that the host rules would otherwise cut off.</summary>
internal static class HostResolvers
{
    /// <summary>The list behind systemd's own stub, which the engine gives to containers in its place.</summary>
    private const string BehindStub = "/run/systemd/resolve/resolv.conf";

    public static IReadOnlyList<string> Read()
    {
        string[] files = ["/etc/resolv.conf", BehindStub];
        return Parse(files.Where(File.Exists).SelectMany(File.ReadAllLines));
    }

    /// <summary>IPv4 name servers but loopback ones (those the engine asks itself, from the host).</summary>
    public static IReadOnlyList<string> Parse(IEnumerable<string> lines) =>
        [.. lines.Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words is ["nameserver", _, ..])
            .Select(words => IPAddress.TryParse(words[1], out var address) ? address : null)
            .OfType<IPAddress>()
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address))
            .Select(address => address.ToString())
            .Distinct()];
}
