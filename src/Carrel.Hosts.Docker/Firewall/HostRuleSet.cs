namespace Carrel.Hosts.Docker.Firewall;

/// <summary>
/// What machines may reach of the host and through it, as rules of the packet filter; pure text, in the form in which <c>iptables -S</c>
/// prints them, so that what stands can be compared with what is asked.
/// </summary>
/// <param name="installation">Names the chains: the chains of one installation never touch another's.</param>
/// <param name="bridgePrefix">What the installation's bridges begin with.</param>
/// <param name="resolvers">
/// Name servers of the host. The engine's DNS inside a machine asks them from the machine's own address, so one that is the host itself or
/// link-local (as some clouds have it) stays reachable on port 53 and nothing else.
/// </param>
internal sealed class HostRuleSet(Guid installation, string bridgePrefix, IReadOnlyList<string> resolvers)
{
    private static readonly string[] Protocols = ["udp", "tcp"];

    private readonly string _mark = $"CARREL-{installation.ToString("N")[^12..]}-";

    private string ToHost => _mark + "HOST";

    private string FromMachines => _mark + "FROM";

    private string ToMachines => _mark + "TO";

    /// <summary>Rules of our chains for one family of addresses.</summary>
    public IReadOnlyList<string> Rules(bool version6)
    {
        // Networks have no IPv6; what a bridge could still carry (link-local) is closed without exception.
        if (version6)
            return [$"-A {ToHost} -j DROP", $"-A {FromMachines} -j DROP", $"-A {ToMachines} -j DROP"];
        var questions = resolvers.SelectMany(resolver => Protocols.Select(protocol => $"-d {resolver}/32 -p {protocol} -m {protocol} --dport 53"))
            .ToList();
        return
        [
            $"-A {ToHost} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
            .. questions.Select(question => $"-A {ToHost} {question} -j ACCEPT"),
            $"-A {ToHost} -j DROP",
            .. questions.Select(question => $"-A {FromMachines} {question} -j RETURN"),
            $"-A {FromMachines} -d 169.254.0.0/16 -j REJECT --reject-with icmp-port-unreachable",
            $"-A {FromMachines} -o {bridgePrefix}+ -j DROP",
            $"-A {ToMachines} -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN",
            $"-A {ToMachines} -j DROP",
        ];
    }

    /// <summary>
    /// The input of <c>iptables-restore --noflush</c> that brings the table from what <c>iptables -S</c> printed to what is asked, in one
    /// transaction, so that there is no instant without the rules; null when nothing has to change.
    /// </summary>
    public string? Repair(IReadOnlyList<string> standing, bool version6)
    {
        // The engine keeps DOCKER-USER for others and in front of its own rules, also over its restarts.
        var forward = standing.Contains("-N DOCKER-USER") ? "DOCKER-USER" : "FORWARD";
        string[] jumps = [Jump("INPUT", $"-i {bridgePrefix}+", ToHost), Jump(forward, $"-o {bridgePrefix}+", ToMachines), Jump(forward, $"-i {bridgePrefix}+", FromMachines)];
        var rules = Rules(version6);
        var ours = standing.Where(line => line.StartsWith($"-A {_mark}", StringComparison.Ordinal));
        if (jumps.All(jump => StandsFirst(standing, jump)) && ours.Order().SequenceEqual(rules.Order()) && ours.Where(IsOfHost).SequenceEqual(rules.Where(IsOfHost)))
            return null;
        return Script([
            .. new[] { ToHost, FromMachines, ToMachines }.Select(chain => $":{chain} - [0:0]"),
            .. rules,
            .. OurJumps(standing).Select(Delete),
            .. jumps.Select(jump => jump.Replace("-A ", "-I ", StringComparison.Ordinal)),
        ]);
    }

    /// <summary>The input of <c>iptables-restore --noflush</c> that removes everything of the installation; null when nothing is there.</summary>
    public string? Removal(IReadOnlyList<string> standing)
    {
        var chains = standing.Where(line => line.StartsWith($"-N {_mark}", StringComparison.Ordinal)).Select(line => line["-N ".Length..]).ToList();
        return chains.Count == 0
            ? null
            : Script([.. OurJumps(standing).Select(Delete), .. chains.Select(chain => $"-F {chain}"), .. chains.Select(chain => $"-X {chain}")]);
    }

    private static string Jump(string from, string condition, string to) => $"-A {from} {condition} -j {to}";

    private static string Delete(string rule) => string.Concat("-D ", rule.AsSpan("-A ".Length));

    private static string Script(IEnumerable<string> lines) => $"*filter\n{string.Join('\n', lines)}\nCOMMIT\n";

    private bool IsOfHost(string rule) => rule.StartsWith($"-A {ToHost} ", StringComparison.Ordinal);

    private IEnumerable<string> OurJumps(IEnumerable<string> standing) =>
        standing.Where(line => line.StartsWith("-A ", StringComparison.Ordinal)
            && !line.StartsWith($"-A {_mark}", StringComparison.Ordinal)
            && line.Contains($"-j {_mark}", StringComparison.Ordinal));

    /// <summary>Only jumps of other installations may come before ours: if each insisted on the very first place, they would fight for ever.</summary>
    private static bool StandsFirst(IEnumerable<string> standing, string jump)
    {
        var chain = string.Join(' ', jump.Split(' ').Take(2)) + " ";
        return standing.Where(line => line.StartsWith(chain, StringComparison.Ordinal))
            .TakeWhile(line => line.Contains(" -j CARREL-", StringComparison.Ordinal))
            .Contains(jump);
    }
}
