using System.Net;
using Carrel.Identity.Metadata;
using Carrel.Instances.Hosting;
using Carrel.TestKit.Hosting;

namespace Carrel.Identity.Tests.Metadata;

public sealed class MachineFinderTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_address_is_its_running_machines_and_nobodys_once_that_has_stopped_whatever_the_store_still_says(bool stored)
    {
        Guid? presumed = null;
        var host = new InMemoryInstanceHost();
        using var finder = new MachineFinder(host, (_, _) => Task.FromResult(presumed));
        var network = new NetworkSpec(Guid.NewGuid(), "lab");
        await host.EnsureNetworkAsync(network, default);
        var machine = new MachineSpec(Guid.NewGuid(), "desk", "lab", network, 1, 1 << 30, 1 << 20, "/tmp", "ann", true, new string('a', 64));
        await host.EnsureMachineAsync(machine, default);
        IPAddress address = IPAddress.Parse((await host.StartMachineAsync(machine.Id, default)).Address!);

        presumed = stored ? machine.Id : null;
        (await finder.FindAsync(address, default)).ShouldBe(machine.Id);
        presumed = stored ? Guid.NewGuid() : null;
        (await finder.FindAsync(address, default)).ShouldBe(machine.Id, "the store may be behind");
        presumed = stored ? machine.Id : null;
        (await finder.FindAsync(IPAddress.Loopback, default)).ShouldBeNull();
        await host.StopMachineAsync(machine.Id, TimeSpan.Zero, default);
        (await finder.FindAsync(address, default)).ShouldBeNull("the address may be another machine's from now on");
    }
}
