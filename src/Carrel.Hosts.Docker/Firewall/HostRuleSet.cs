namespace Carrel.Hosts.Docker.Firewall;

/// <summary>What machines may reach of the host and through it.</summary>
/// <remarks>
/// What is forwarded is decided in the <c>security</c> table. The engine takes its jump to DOCKER-USER out of the <c>filter</c> table and puts
/// it back whenever it makes a network (seen with 20.10: for some milliseconds nothing behind that jump holds), and other firewalls flush
/// that table. Nobody else works in <c>security</c>, which the kernel asks last, whatever the others accepted.
/// </remarks>
/// <param name="installation">Names the chains: the chains of one installation never touch another's.</param>
/// <param name="bridgePrefix">What the installation's bridges begin with.</param>
/// <param name="resolvers">
/// Name servers of the host. The engine's DNS inside a machine asks them from the machine's own address, so one that is the host itself or
/// link-local (as some clouds have it) stays reachable on port 53 and nothing else.
/// </param>
/// <param name="metadataPort">
/// Port of the server's metadata service, to which a machine's connections to the address of a cloud's are led; null for none. Only those: neither
/// the port itself is reached from a machine, nor anything else of 169.254.0.0/16, nor the port from anywhere else.
/// </param>
internal sealed class HostRuleSet(Guid installation, string bridgePrefix, IReadOnlyList<string> resolvers, int? metadataPort = null)
{
    private const string Answers = "-m conntrack --ctstate RELATED,ESTABLISHED";
    private const string LinkLocal = "-d 169.254.0.0/16";
    private static readonly string[] Protocols = ["udp", "tcp"];

    private readonly string _mark = $"CARREL-{installation.ToString("N")[^12..]}-";

    private string FromBridge => $"-i {bridgePrefix}+";

    private string ToBridge => $"-o {bridgePrefix}+";

    /// <summary>The tables for one family of addresses.</summary>
    /// <param name="version6">Networks have no IPv6; what a bridge could still carry (link-local) is closed without exception.</param>
    public IReadOnlyList<RuleTable> Tables(bool version6) => version6
        ?
        [
            Table("filter", Chain("HOST", "INPUT", FromBridge, "-j DROP")),
            Table("security", Chain("FROM", "FORWARD", FromBridge, "-j DROP"), Chain("TO", "FORWARD", ToBridge, "-j DROP")),
        ]
        :
        [
            Table(
                "filter",
                [
                    Chain("HOST", "INPUT", FromBridge, [$"{Answers} -j ACCEPT", .. Questions("ACCEPT"), .. ToMetadata, "-j DROP"]),
                    .. NotToMetadata,

                    // So that whoever looks for a cloud's metadata service is told at once, instead of waiting; the wall itself stands below.
                    Chain("REFUSE", "FORWARD", FromBridge, [.. Questions("RETURN"), $"{LinkLocal} -j REJECT --reject-with icmp-port-unreachable"]),
                ]),
            Table(
                "security",
                Chain("FROM", "FORWARD", FromBridge, [.. Questions("RETURN"), $"{LinkLocal} -j DROP", $"{ToBridge} -j DROP"]),
                Chain("TO", "FORWARD", ToBridge, $"{Answers} -j RETURN", "-j DROP")),
            Table("nat", [.. LeadToMetadata]),
        ];

    private IEnumerable<string> ToMetadata => metadataPort is { } port ? [$"-p tcp -m tcp --dport {port} -m conntrack --ctstate DNAT -j ACCEPT"] : [];

    private IEnumerable<RuleChain> NotToMetadata => metadataPort is { } port ? [Chain("ONLY", "INPUT", $"! {FromBridge} -p tcp -m tcp --dport {port}", "-j DROP")] : [];

    private IEnumerable<RuleChain> LeadToMetadata => metadataPort is { } port
        ? [Chain("LEAD", "PREROUTING", FromBridge, $"-d 169.254.169.254/32 -p tcp -m tcp --dport 80 -j REDIRECT --to-ports {port}")]
        : [];

    private RuleTable Table(string name, params RuleChain[] chains) => new(name, _mark, chains);

    private RuleChain Chain(string name, string from, string condition, params string[] rules) => new(_mark + name, from, condition, rules);

    private IEnumerable<string> Questions(string target) =>
        resolvers.SelectMany(resolver => Protocols.Select(protocol => $"-d {resolver}/32 -p {protocol} -m {protocol} --dport 53 -j {target}"));
}
