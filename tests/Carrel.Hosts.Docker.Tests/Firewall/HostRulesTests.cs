using Carrel.Hosts.Docker.Firewall;
using Carrel.Hosts.Docker.Tests.Support;
using Shouldly;
using Xunit;

namespace Carrel.Hosts.Docker.Tests.Firewall;

/// <summary>On the machine's real packet filter.</summary>
public sealed class HostRulesTests(TestRun run)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_packet_filter_prints_is_what_was_asked_so_that_a_second_time_changes_nothing()
    {
        await using var installation = new DockerUnderTest(run);
        await using var neighbour = new DockerUnderTest(run);

        (await installation.Docker.Rules.EnsureAsync(Cancellation)).ShouldBeTrue();
        (await neighbour.Docker.Rules.EnsureAsync(Cancellation)).ShouldBeTrue();

        (await installation.Docker.Rules.EnsureAsync(Cancellation)).ShouldBeFalse();
        (await neighbour.Docker.Rules.EnsureAsync(Cancellation)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Purge_takes_the_rules_of_its_installation_and_no_others(bool version6)
    {
        await using var installation = new DockerUnderTest(run);
        await using var neighbour = new DockerUnderTest(run);
        await installation.Docker.EnsureHostRulesAsync(Cancellation);
        await neighbour.Docker.EnsureHostRulesAsync(Cancellation);
        (await OursAsync(installation, version6)).ShouldNotBeEmpty();

        await installation.Docker.PurgeAsync(Cancellation);

        (await OursAsync(installation, version6)).ShouldBeEmpty();
        (await neighbour.Docker.Rules.EnsureAsync(Cancellation)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("filter", "INPUT")]
    [InlineData("security", "FORWARD")]
    public async Task A_jump_that_somebody_removed_comes_back(string table, string chain)
    {
        await using var installation = new DockerUnderTest(run);
        await installation.Docker.EnsureHostRulesAsync(Cancellation);
        var jump = (await OursAsync(installation, version6: false)).First(line => line.StartsWith($"{table}: -A {chain}", StringComparison.Ordinal));
        _ = (await Command.RunAsync("iptables", ["-w", "-t", table, "-D", .. jump.Split(' ')[2..]])).Text;

        (await installation.Docker.Rules.EnsureAsync(Cancellation)).ShouldBeTrue();

        (await OursAsync(installation, version6: false)).ShouldContain(jump);
    }

    private static async Task<IReadOnlyList<string>> OursAsync(DockerUnderTest installation, bool version6)
    {
        var mark = installation.Options.Installation.ToString("N")[^12..];
        List<string> lines = [];
        foreach (var table in new[] { "filter", "security" })
        {
            lines.AddRange((await PacketFilter.ReadAsync(table, version6, Cancellation))
                .Where(line => line.Contains(mark, StringComparison.Ordinal)).Select(line => $"{table}: {line}"));
        }

        return lines;
    }
}
