using System.Net;
using Carrel.Hosts.Docker.Machines;
using Carrel.Hosts.Docker.Networks;
using Carrel.Instances.Hosting;
using Shouldly;
using Xunit;

namespace Carrel.Hosts.Docker.Tests.Machines;

public sealed class MachineBodyTests
{
    private const long Gibibyte = 1L << 30;

    [Fact]
    public void A_size_larger_than_the_host_gets_what_the_host_has()
    {
        var host = Body(new HostCapacity(2, 8 * Gibibyte), processors: 4, memory: 14 * Gibibyte, disk: 28 * Gibibyte).HostConfig;

        host.NanoCpus.ShouldBe(2_000_000_000);
        host.Memory.ShouldBe(8 * Gibibyte);
        host.MemorySwap.ShouldBe(host.Memory);
        host.Mounts.Single(mount => mount.Target == "/mnt").TmpfsOptions!.SizeBytes.ShouldBe(4 * Gibibyte);
    }

    [Fact]
    public void A_size_smaller_than_the_host_gets_what_it_names()
    {
        var host = Body(new HostCapacity(64, 256 * Gibibyte), processors: 1.5, memory: 4 * Gibibyte, disk: Gibibyte).HostConfig;

        host.NanoCpus.ShouldBe(1_500_000_000);
        host.Memory.ShouldBe(4 * Gibibyte);
        host.Mounts.Single(mount => mount.Target == "/mnt").TmpfsOptions!.SizeBytes.ShouldBe(Gibibyte);
    }

    [Fact]
    public void The_whole_share_is_bound_read_only()
    {
        var mounts = Body(new HostCapacity(2, Gibibyte), 1, Gibibyte, 0).HostConfig.Mounts;

        mounts.Where(mount => mount is { Type: "bind", ReadOnly: false }).Select(mount => mount.Source).ShouldBe(["/share/Users/ada", "/share/Logs/desk"]);
        mounts.Single(mount => mount.Source == "/share").ReadOnly.ShouldBeTrue();
    }

    private static Client.ContainerBody Body(HostCapacity capacity, double processors, long memory, long disk) => MachineBody.Of(
        new MachineSpec(Guid.NewGuid(), "desk", "room", new NetworkSpec(Guid.NewGuid(), "room"), processors, memory, disk, "/share", "ada", true, new string('a', 64)),
        new DockerHostOptions { Installation = Guid.NewGuid(), Image = "image", AgentFolder = "/agent" },
        capacity,
        new PlacedNetwork("room", IPNetwork.Parse("10.186.3.0/24")),
        "10.186.3.2",
        new MachineFolders("/share/Users/ada", "/share/Logs/desk"));
}
