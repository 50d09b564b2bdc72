using Carrel.Hosts.Docker.Firewall;
using Shouldly;
using Xunit;

namespace Carrel.Hosts.Docker.Tests.Firewall;

public sealed class HostRuleSetTests
{
    private static readonly Guid Installation = Guid.Parse("11111111-2222-4333-8444-0123456789ab");
    private static readonly string[] Engine = ["-P INPUT ACCEPT", "-P FORWARD DROP", "-N DOCKER-USER", "-A FORWARD -j DOCKER-USER", "-A DOCKER-USER -j RETURN"];
    private readonly HostRuleSet _rules = new(Installation, "cr89ab-", []);

    [Fact]
    public void Where_nothing_stands_everything_is_made_in_one_transaction()
    {
        var script = _rules.Repair(Engine, version6: false).ShouldNotBeNull().Split('\n');

        script[0].ShouldBe("*filter");
        script.ShouldContain("-I INPUT -i cr89ab-+ -j CARREL-0123456789ab-HOST");
        script.ShouldContain("-I DOCKER-USER -i cr89ab-+ -j CARREL-0123456789ab-FROM");
        script.ShouldContain("-I DOCKER-USER -o cr89ab-+ -j CARREL-0123456789ab-TO");
        script[^2].ShouldBe("COMMIT");
        script.ShouldNotContain(line => line.StartsWith("-D", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_all_stands_nothing_changes() => _rules.Repair(Standing(), version6: false).ShouldBeNull();

    [Theory]
    [InlineData("-A INPUT -i cr89ab-+ -j CARREL-0123456789ab-HOST")]
    [InlineData("-A DOCKER-USER -o cr89ab-+ -j CARREL-0123456789ab-TO")]
    [InlineData("-A CARREL-0123456789ab-HOST -j DROP")]
    [InlineData("-A CARREL-0123456789ab-FROM -o cr89ab-+ -j DROP")]
    public void A_rule_that_is_gone_comes_back(string rule) =>
        _rules.Repair([.. Standing().Where(line => line != rule)], version6: false).ShouldNotBeNull();

    [Fact]
    public void A_rule_of_somebody_else_in_front_of_ours_is_overtaken()
    {
        var standing = Standing();
        standing.Insert(standing.FindIndex(line => line.StartsWith("-A INPUT", StringComparison.Ordinal)), "-A INPUT -p tcp -j ACCEPT");

        var script = _rules.Repair(standing, version6: false).ShouldNotBeNull();

        script.ShouldContain("-D INPUT -i cr89ab-+ -j CARREL-0123456789ab-HOST\n");
        script.ShouldNotContain("-p tcp -j ACCEPT");
    }

    [Fact]
    public void A_rule_slipped_into_our_chain_is_removed()
    {
        var standing = Standing();
        standing.Insert(standing.FindIndex(line => line.StartsWith("-A CARREL", StringComparison.Ordinal)), "-A CARREL-0123456789ab-HOST -j ACCEPT");

        _rules.Repair(standing, version6: false).ShouldNotBeNull().ShouldContain(":CARREL-0123456789ab-HOST - [0:0]");
    }

    [Fact]
    public void Installations_do_not_fight_for_the_first_place()
    {
        var standing = Standing();
        standing.Insert(standing.FindIndex(line => line.StartsWith("-A INPUT", StringComparison.Ordinal)), "-A INPUT -i crffff-+ -j CARREL-ffffffffffff-HOST");

        _rules.Repair(standing, version6: false).ShouldBeNull();
    }

    [Fact]
    public void Removal_names_chains_and_jumps_of_its_own_installation_only()
    {
        List<string> standing = [.. Standing(), "-N CARREL-ffffffffffff-HOST", "-A INPUT -i crffff-+ -j CARREL-ffffffffffff-HOST"];

        var script = _rules.Removal(standing).ShouldNotBeNull();

        script.ShouldContain("-X CARREL-0123456789ab-HOST");
        script.ShouldContain("-D INPUT -i cr89ab-+ -j CARREL-0123456789ab-HOST");
        script.ShouldNotContain("ffff");
        _rules.Removal(Engine).ShouldBeNull();
    }

    [Fact]
    public void Without_the_engines_chain_for_others_the_jumps_stand_in_FORWARD() =>
        _rules.Repair(["-P INPUT ACCEPT"], version6: false).ShouldNotBeNull().ShouldContain("-I FORWARD -i cr89ab-+");

    [Fact]
    public void A_name_server_of_the_host_stays_reachable_on_its_port_alone()
    {
        var rules = new HostRuleSet(Installation, "cr89ab-", ["169.254.169.254"]).Rules(version6: false).ToList();

        rules.ShouldContain("-A CARREL-0123456789ab-FROM -d 169.254.169.254/32 -p udp -m udp --dport 53 -j RETURN");
        rules.FindIndex(rule => rule.Contains("--dport 53", StringComparison.Ordinal) && rule.Contains("FROM", StringComparison.Ordinal))
            .ShouldBeLessThan(rules.FindIndex(rule => rule.Contains("169.254.0.0/16", StringComparison.Ordinal)));
        rules.Count(rule => rule.Contains("ACCEPT", StringComparison.Ordinal) && !rule.Contains("dport 53", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void Version_6_is_closed_without_exception() =>
        _rules.Rules(version6: true).ShouldAllBe(rule => rule.EndsWith("-j DROP", StringComparison.Ordinal));

    [Fact]
    public void Name_servers_are_read_without_loopback_and_version_6() =>
        HostResolvers.Parse(["# made by hand", "search example", "nameserver 127.0.0.53", "nameserver\t10.0.0.2", "nameserver fd00::1", "nameserver 10.0.0.2"])
            .ShouldBe(["10.0.0.2"]);

    private List<string> Standing() =>
    [
        "-P INPUT ACCEPT",
        "-N CARREL-0123456789ab-FROM",
        "-N CARREL-0123456789ab-HOST",
        "-N CARREL-0123456789ab-TO",
        "-N DOCKER-USER",
        "-A INPUT -i cr89ab-+ -j CARREL-0123456789ab-HOST",
        "-A INPUT -j ACCEPT",
        "-A FORWARD -j DOCKER-USER",
        .. _rules.Rules(version6: false),
        "-A DOCKER-USER -i cr89ab-+ -j CARREL-0123456789ab-FROM",
        "-A DOCKER-USER -o cr89ab-+ -j CARREL-0123456789ab-TO",
        "-A DOCKER-USER -j RETURN",
    ];
}
