using System.Net;
using Carrel.Hosts.Docker.Networks;
using Shouldly;
using Xunit;

namespace Carrel.Hosts.Docker.Tests.Networks;

public sealed class SubnetPoolTests
{
    private static readonly IPNetwork Pool = IPNetwork.Parse("10.186.0.0/16");

    [Fact]
    public void Every_24_of_the_pool_is_offered_once() =>
        SubnetPool.Candidates(Pool, [], Guid.NewGuid()).Distinct().Count(subnet => subnet.PrefixLength == 24 && Pool.Contains(subnet.BaseAddress)).ShouldBe(256);

    [Theory]
    [InlineData("10.0.0.0/8", 0)]
    [InlineData("10.186.0.0/17", 128)]
    [InlineData("10.186.7.128/25", 255)]
    [InlineData("192.168.0.0/16", 256)]
    public void What_overlaps_with_something_in_use_is_left_out(string taken, int left) =>
        SubnetPool.Candidates(Pool, [IPNetwork.Parse(taken)], Guid.NewGuid()).Count().ShouldBe(left);

    [Theory]
    [InlineData("10.0.0.0/25")]
    [InlineData("fd00::/16")]
    public void A_pool_that_cannot_be_split_is_an_error(string pool) =>
        Should.Throw<ArgumentException>(() => SubnetPool.Candidates(IPNetwork.Parse(pool), [], Guid.NewGuid()).ToList());

    [Fact]
    public void Machines_get_the_lowest_free_address_after_the_gateway()
    {
        var subnet = IPNetwork.Parse("10.186.3.0/24");

        SubnetPool.Gateway(subnet).ShouldBe("10.186.3.1");
        SubnetPool.FreeAddress(subnet, new HashSet<string>()).ShouldBe("10.186.3.2");
        SubnetPool.FreeAddress(subnet, new HashSet<string> { "10.186.3.2", "10.186.3.4" }).ShouldBe("10.186.3.3");
        SubnetPool.FreeAddress(subnet, Enumerable.Range(2, 253).Select(host => $"10.186.3.{host}").ToHashSet()).ShouldBeNull();
        SubnetPool.SubnetOf(IPAddress.Parse("10.186.3.77")).ShouldBe(subnet);
    }

    [Fact]
    public void Routes_are_read_in_the_machines_byte_order_and_without_the_default_one() =>
        HostRoutes.Parse(
        [
            "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT",
            "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0",
            "br0\t0003BA0A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0",
        ]).ShouldBe([IPNetwork.Parse("10.186.3.0/24")]);

    [Fact]
    public void Bridges_have_the_installations_prefix_and_fit_an_interface_name()
    {
        var options = new DockerHostOptions { Installation = Guid.NewGuid(), Image = "i", AgentFolder = "/a" };

        var bridge = ObjectNames.Bridge(options, Guid.NewGuid());

        bridge.ShouldStartWith(options.BridgePrefix);
        bridge.Length.ShouldBe(15);
    }
}
