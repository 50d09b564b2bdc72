using Carrel.Hosts.Docker.Firewall;
using Shouldly;
using Xunit;

namespace Carrel.Hosts.Docker.Tests.Firewall;

public sealed class HostRuleSetTests
{
    private const string Mark = "CARREL-0123456789ab";
    private static readonly Guid Installation = Guid.Parse("11111111-2222-4333-8444-0123456789ab");
    private static readonly string[] Engine = ["-P INPUT ACCEPT", "-P FORWARD DROP", "-N DOCKER-USER", "-A FORWARD -j DOCKER-USER", "-A DOCKER-USER -j RETURN"];
    private readonly HostRuleSet _rules = new(Installation, "cr89ab-", []);

    private RuleTable Filter => _rules.Tables(version6: false).Single(table => table.Name == "filter");

    private RuleTable Security => _rules.Tables(version6: false).Single(table => table.Name == "security");

    [Fact]
    public void Where_nothing_stands_everything_is_made_in_one_transaction_per_table()
    {
        var filter = Filter.Repair(Engine).ShouldNotBeNull().Split('\n');
        filter[0].ShouldBe("*filter");
        filter.ShouldContain($"-I INPUT -i cr89ab-+ -j {Mark}-HOST");
        filter.ShouldContain($"-I DOCKER-USER -i cr89ab-+ -j {Mark}-REFUSE");
        filter[^2].ShouldBe("COMMIT");
        filter.ShouldNotContain(line => line.StartsWith("-D", StringComparison.Ordinal));

        var security = Security.Repair(["-P FORWARD ACCEPT"]).ShouldNotBeNull().Split('\n');
        security[0].ShouldBe("*security");
        security.ShouldContain($"-I FORWARD -i cr89ab-+ -j {Mark}-FROM");
        security.ShouldContain($"-I FORWARD -o cr89ab-+ -j {Mark}-TO");
        security[^2].ShouldBe("COMMIT");
    }

    [Fact]
    public void What_is_forwarded_is_decided_where_the_engine_does_not_work()
    {
        // The engine unhooks DOCKER-USER for a moment whenever it makes a network.
        Security.Chains.Select(chain => chain.From).ShouldAllBe(chain => chain == "FORWARD");
        Security.Chains.SelectMany(chain => chain.Rules)
            .ShouldBe(["-d 169.254.0.0/16 -j DROP", "-o cr89ab-+ -j DROP", "-m conntrack --ctstate RELATED,ESTABLISHED -j RETURN", "-j DROP"]);
    }

    [Fact]
    public void The_address_of_a_clouds_metadata_service_leads_to_ours_and_nothing_else_does()
    {
        IReadOnlyList<RuleTable> tables = new HostRuleSet(Installation, "cr89ab-", [], metadataPort: 4711).Tables(version6: false);
        RuleTable nat = tables.Single(table => table.Name == "nat");
        string made = nat.Repair(["-P PREROUTING ACCEPT", "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER"]).ShouldNotBeNull();
        made.ShouldContain($"-I PREROUTING -i cr89ab-+ -j {Mark}-LEAD\n");
        made.ShouldContain($"-A {Mark}-LEAD -d 169.254.169.254/32 -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 4711\n");

        RuleTable filter = tables.Single(table => table.Name == "filter");
        filter.Chains.Single(chain => chain.Name == Mark + "-HOST").Rules
            .ShouldBe(["-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", "-p tcp -m tcp --dport 4711 -m conntrack --ctstate DNAT -j ACCEPT", "-j DROP"]);
        filter.Repair(Engine).ShouldNotBeNull().ShouldContain($"-I INPUT ! -i cr89ab-+ -p tcp -m tcp --dport 4711 -j {Mark}-ONLY\n", customMessage: "nobody but machines reaches the port");
        tables.Single(table => table.Name == "security").Chains.SelectMany(chain => chain.Rules).ShouldContain("-d 169.254.0.0/16 -j DROP");
    }

    [Fact]
    public void A_port_that_has_changed_leaves_no_rule_of_the_former_one()
    {
        RuleTable nat = new HostRuleSet(Installation, "cr89ab-", [], metadataPort: 4712).Tables(version6: false).Single(table => table.Name == "filter");
        string script = nat.Repair([.. FilterStanding(), $"-A INPUT ! -i cr89ab-+ -p tcp -m tcp --dport 4711 -j {Mark}-ONLY"]).ShouldNotBeNull();
        script.ShouldContain($"-D INPUT ! -i cr89ab-+ -p tcp -m tcp --dport 4711 -j {Mark}-ONLY\n");
        script.ShouldNotContain("-A INPUT");
    }

    [Fact]
    public void Where_all_stands_nothing_changes()
    {
        Filter.Repair(FilterStanding()).ShouldBeNull();
        Security.Repair(SecurityStanding()).ShouldBeNull();
    }

    [Theory]
    [InlineData($"-A INPUT -i cr89ab-+ -j {Mark}-HOST")]
    [InlineData($"-A DOCKER-USER -i cr89ab-+ -j {Mark}-REFUSE")]
    [InlineData($"-A {Mark}-HOST -j DROP")]
    public void A_rule_of_the_filter_that_is_gone_comes_back(string rule) =>
        Filter.Repair(Without(FilterStanding(), rule)).ShouldNotBeNull();

    [Theory]
    [InlineData($"-A FORWARD -o cr89ab-+ -j {Mark}-TO")]
    [InlineData($"-A {Mark}-FROM -o cr89ab-+ -j DROP")]
    public void A_rule_of_the_wall_that_is_gone_comes_back(string rule) =>
        Security.Repair(Without(SecurityStanding(), rule)).ShouldNotBeNull();

    [Fact]
    public void A_rule_of_somebody_else_in_front_of_ours_is_overtaken()
    {
        var script = Filter.Repair(WithFirst(FilterStanding(), "-A INPUT", "-A INPUT -p tcp -j ACCEPT")).ShouldNotBeNull();

        script.ShouldContain($"-D INPUT -i cr89ab-+ -j {Mark}-HOST\n");
        script.ShouldNotContain("-p tcp -j ACCEPT");
    }

    [Fact]
    public void A_rule_slipped_into_our_chain_is_removed() =>
        Filter.Repair(WithFirst(FilterStanding(), $"-A {Mark}-HOST", $"-A {Mark}-HOST -j ACCEPT")).ShouldNotBeNull().ShouldContain($":{Mark}-HOST - [0:0]");

    [Fact]
    public void Installations_do_not_fight_for_the_first_place()
    {
        Filter.Repair(WithFirst(FilterStanding(), "-A INPUT", "-A INPUT -i crffff-+ -j CARREL-ffffffffffff-HOST")).ShouldBeNull();
        Security.Repair(WithFirst(SecurityStanding(), "-A FORWARD", "-A FORWARD -i crffff-+ -j CARREL-ffffffffffff-FROM")).ShouldBeNull();
    }

    [Fact]
    public void Removal_names_chains_and_jumps_of_its_own_installation_only()
    {
        List<string> standing = [.. FilterStanding(), "-N CARREL-ffffffffffff-HOST", "-A INPUT -i crffff-+ -j CARREL-ffffffffffff-HOST"];

        var script = Filter.Removal(standing).ShouldNotBeNull();

        script.ShouldContain($"-X {Mark}-HOST");
        script.ShouldContain($"-D INPUT -i cr89ab-+ -j {Mark}-HOST");
        script.ShouldNotContain("ffff");
        Filter.Removal(Engine).ShouldBeNull();
    }

    [Fact]
    public void Without_the_engines_chain_for_others_the_jumps_stand_in_FORWARD() =>
        Filter.Repair(["-P INPUT ACCEPT"]).ShouldNotBeNull().ShouldContain("-I FORWARD -i cr89ab-+");

    [Fact]
    public void A_name_server_of_the_host_stays_reachable_on_its_port_alone()
    {
        foreach (var table in new HostRuleSet(Installation, "cr89ab-", ["169.254.169.254"]).Tables(version6: false).Where(table => table.Name != "nat"))
        {
            var rules = table.Chains.Single(chain => chain.Name is $"{Mark}-REFUSE" or $"{Mark}-FROM").Rules.ToList();
            rules.ShouldContain("-d 169.254.169.254/32 -p udp -m udp --dport 53 -j RETURN");
            rules.FindLastIndex(rule => rule.Contains("--dport 53", StringComparison.Ordinal))
                .ShouldBeLessThan(rules.FindIndex(rule => rule.Contains("169.254.0.0/16", StringComparison.Ordinal)));
            table.Chains.SelectMany(chain => chain.Rules)
                .Count(rule => rule.Contains("ACCEPT", StringComparison.Ordinal) && !rule.Contains("dport 53", StringComparison.Ordinal))
                .ShouldBe(table.Name == "filter" ? 1 : 0);
        }
    }

    [Fact]
    public void Version_6_is_closed_without_exception() =>
        _rules.Tables(version6: true).SelectMany(table => table.Chains).SelectMany(chain => chain.Rules).ShouldBe(["-j DROP", "-j DROP", "-j DROP"]);

    [Fact]
    public void Name_servers_are_read_without_loopback_and_version_6() =>
        HostResolvers.Parse(["# made by hand", "search example", "nameserver 127.0.0.53", "nameserver\t10.0.0.2", "nameserver fd00::1", "nameserver 10.0.0.2"])
            .ShouldBe(["10.0.0.2"]);

    private static List<string> Without(IEnumerable<string> standing, string rule) => [.. standing.Where(line => line != rule)];

    private static List<string> WithFirst(List<string> standing, string chain, string rule)
    {
        standing.Insert(standing.FindIndex(line => line.StartsWith(chain, StringComparison.Ordinal)), rule);
        return standing;
    }

    private List<string> FilterStanding() =>
    [
        "-P INPUT ACCEPT",
        $"-N {Mark}-HOST",
        $"-N {Mark}-REFUSE",
        "-N DOCKER-USER",
        $"-A INPUT -i cr89ab-+ -j {Mark}-HOST",
        "-A INPUT -j ACCEPT",
        "-A FORWARD -j DOCKER-USER",
        .. Filter.Chains.SelectMany(chain => chain.Lines),
        $"-A DOCKER-USER -i cr89ab-+ -j {Mark}-REFUSE",
        "-A DOCKER-USER -j RETURN",
    ];

    private List<string> SecurityStanding() =>
    [
        "-P FORWARD ACCEPT",
        $"-N {Mark}-FROM",
        $"-N {Mark}-TO",
        $"-A FORWARD -o cr89ab-+ -j {Mark}-TO",
        $"-A FORWARD -i cr89ab-+ -j {Mark}-FROM",
        .. Security.Chains.SelectMany(chain => chain.Lines),
    ];
}
