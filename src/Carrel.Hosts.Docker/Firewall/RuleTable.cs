namespace Carrel.Hosts.Docker.Firewall;

/// <summary>A chain of one installation, and the jump that leads into it.</summary>
/// <param name="Name">Full name.</param>
/// <param name="From">The built-in chain whose packets it looks at.</param>
/// <param name="Condition">Which of them, as <c>iptables</c> options.</param>
/// <param name="Rules">What it does, in order, without the chain's name.</param>
internal sealed record RuleChain(string Name, string From, string Condition, IReadOnlyList<string> Rules)
{
    public IEnumerable<string> Lines => Rules.Select(rule => $"-A {Name} {rule}");
}

/// <summary>
/// One table of the packet filter as one installation wants it; pure text, in the form in which <c>iptables -S</c> prints it, so that what
/// stands can be compared with what is asked.
/// </summary>
/// <param name="Name">The table's name.</param>
/// <param name="Mark">What the names of all chains of the installation begin with.</param>
/// <param name="Chains">What is asked; none removes what stands.</param>
internal sealed record RuleTable(string Name, string Mark, IReadOnlyList<RuleChain> Chains)
{
    /// <summary>
    /// The input of <c>iptables-restore --noflush</c> that brings the table from what <c>iptables -S</c> printed to what is asked, in one
    /// transaction, so that there is no instant without the rules; null when nothing has to change.
    /// </summary>
    public string? Repair(IReadOnlyList<string> standing)
    {
        var jumps = Chains.Select(chain => $"-A {ForOthers(chain.From, standing)} {chain.Condition} -j {chain.Name}").ToList();
        if (jumps.All(jump => StandsFirst(standing, jump)) && Chains.All(chain => Stands(standing, chain)))
            return null;
        return Script([
            .. Chains.Select(chain => $":{chain.Name} - [0:0]"),
            .. Chains.SelectMany(chain => chain.Lines),
            .. OurJumps(standing).Select(Delete),
            .. jumps.Select(jump => jump.Replace("-A ", "-I ", StringComparison.Ordinal)),
        ]);
    }

    /// <summary>The input of <c>iptables-restore --noflush</c> that removes everything of the installation; null when nothing is there.</summary>
    public string? Removal(IReadOnlyList<string> standing)
    {
        var chains = standing.Where(line => line.StartsWith($"-N {Mark}", StringComparison.Ordinal)).Select(line => line["-N ".Length..]).ToList();
        return chains.Count == 0
            ? null
            : Script([.. OurJumps(standing).Select(Delete), .. chains.Select(chain => $"-F {chain}"), .. chains.Select(chain => $"-X {chain}")]);
    }

    /// <summary>The engine keeps a chain for others in front of its own rules; only the <c>filter</c> table has it.</summary>
    private static string ForOthers(string chain, IReadOnlyList<string> standing) =>
        chain == "FORWARD" && standing.Contains("-N DOCKER-USER") ? "DOCKER-USER" : chain;

    private static string Delete(string rule) => string.Concat("-D ", rule.AsSpan("-A ".Length));

    private static bool Stands(IReadOnlyList<string> standing, RuleChain chain) =>
        standing.Where(line => line.StartsWith($"-A {chain.Name} ", StringComparison.Ordinal)).SequenceEqual(chain.Lines);

    /// <summary>Only jumps of other installations may come before ours: if each insisted on the very first place, they would fight for ever.</summary>
    private static bool StandsFirst(IEnumerable<string> standing, string jump)
    {
        var chain = string.Join(' ', jump.Split(' ').Take(2)) + " ";
        return standing.Where(line => line.StartsWith(chain, StringComparison.Ordinal))
            .TakeWhile(line => line.Contains(" -j CARREL-", StringComparison.Ordinal))
            .Contains(jump);
    }

    private string Script(IEnumerable<string> lines) => $"*{Name}\n{string.Join('\n', lines)}\nCOMMIT\n";

    private IEnumerable<string> OurJumps(IEnumerable<string> standing) =>
        standing.Where(line => line.StartsWith("-A ", StringComparison.Ordinal)
            && !line.StartsWith($"-A {Mark}", StringComparison.Ordinal)
            && line.Contains($"-j {Mark}", StringComparison.Ordinal));
}
