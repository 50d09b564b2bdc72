using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Carrel.Hosts.Docker.Tests.Support;
using Carrel.Instances.Hosting;
using Carrel.TestKit.Hosting;
using Shouldly;
using Xunit;

namespace Carrel.Hosts.Docker.Tests.Machines;

/// <summary>Attacks on and from a machine. Where it can be shown, the target is reached first while nothing stands in the way.</summary>
public sealed class ReachTests(TestRun run)
{
    private const int Port = 9000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_port_of_the_host_is_reached_neither_by_the_gateway_nor_by_its_own_address()
    {
        await using var installation = new DockerUnderTest(run);
        var (machine, address) = await installation.RunAsync();
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        string[] targets = [address[..address.LastIndexOf('.')] + ".1", .. HostAddresses()];
        targets.Length.ShouldBeGreaterThan(1);

        await installation.Docker.Rules.RemoveAsync(Cancellation);
        foreach (var target in targets)
            (await ReachesAsync(machine, target, port)).ShouldBeTrue($"{target} is open without the rules");

        await installation.Docker.EnsureHostRulesAsync(Cancellation);
        foreach (var target in targets)
            (await ReachesAsync(machine, target, port)).ShouldBeFalse($"{target} is closed by the rules");
    }

    [Fact]
    public async Task Link_local_addresses_are_refused_and_the_rest_of_the_world_is_not()
    {
        await using var outside = new Outside(run.Name);
        await outside.MakeAsync();
        await using var installation = new DockerUnderTest(run);
        var (machine, _) = await installation.RunAsync();

        await installation.Docker.Rules.RemoveAsync(Cancellation);
        (await ReachesAsync(machine, outside.LinkLocal, Outside.Port)).ShouldBeTrue("it is open without the rules");

        await installation.Docker.EnsureHostRulesAsync(Cancellation);
        (await ReachesAsync(machine, outside.LinkLocal, Outside.Port)).ShouldBeFalse();
        (await ReachesAsync(machine, outside.Address, Outside.Port)).ShouldBeTrue();
    }

    /// <summary>While the engine makes a network, its chain for others' rules is unhooked for some milliseconds.</summary>
    [Fact]
    public async Task The_wall_stands_also_while_the_engine_makes_networks()
    {
        await using var outside = new Outside($"{run.Name}2");
        await outside.MakeAsync();
        await using var installation = new DockerUnderTest(run);
        await using var neighbour = new DockerUnderTest(run);
        var (machine, _) = await installation.RunAsync();

        // One packet after another to the link-local listener; it would answer each that comes through.
        var attempts = DockerUnderTest.RunInsideAsync(
            machine.Id,
            $"i=0; while [ ! -e /tmp/enough ]; do nc -w 1 {outside.LinkLocal} {Outside.Port} -e true && echo through; i=$((i+1)); done; echo $i attempts",
            root: true);
        for (var i = 0; i < 20; i++)
            await neighbour.Docker.EnsureNetworkAsync(HostUnderTest.Network(), Cancellation);
        _ = (await DockerUnderTest.RunInsideAsync(machine.Id, "touch /tmp/enough", root: true)).Text;

        var output = (await attempts).Text;
        output.ShouldNotContain("through");
        output.ShouldNotStartWith("0 ");
    }

    [Fact]
    public async Task No_sibling_is_reached_on_the_same_network_on_another_one_or_of_another_installation()
    {
        await using var installation = new DockerUnderTest(run);
        await using var neighbour = new DockerUnderTest(run);
        var network = HostUnderTest.Network();
        var (attacker, _) = await installation.RunAsync(network, "attacker");
        (MachineSpec Spec, string Address)[] victims =
        [
            await installation.RunAsync(network, "same-network"),
            await installation.RunAsync(name: "other-network"),
            await neighbour.RunAsync(name: "other-installation"),
        ];

        foreach (var (victim, address) in victims)
        {
            _ = (await DockerUnderTest.RunInsideAsync(victim.Id, $"nc -ll -p {Port} -e cat >/dev/null 2>&1 &")).Text;
            await ConnectFromHostAsync(address);
            (await ReachesAsync(attacker, address, Port)).ShouldBeFalse(victim.InstanceName);
        }
    }

    [Fact]
    public async Task Nobody_from_beyond_the_host_reaches_a_machine()
    {
        await using var outside = new Outside($"{run.Name}1");
        await outside.MakeAsync();
        await using var installation = new DockerUnderTest(run);
        var (machine, address) = await installation.RunAsync();
        _ = (await DockerUnderTest.RunInsideAsync(machine.Id, $"nc -ll -p {Port} -e cat >/dev/null 2>&1 &")).Text;
        await ConnectFromHostAsync(address);

        (await outside.ReachesAsync(address, Port)).ShouldBeFalse();
    }

    [Fact]
    public async Task The_engines_own_names_are_still_answered()
    {
        await using var installation = new DockerUnderTest(run);
        var (machine, address) = await installation.RunAsync();

        var name = ObjectNames.Container(machine);
        (await DockerUnderTest.RunInsideAsync(machine.Id, $"nslookup {name} 127.0.0.11")).Output.ShouldContain(address);
    }

    private static async Task<bool> ReachesAsync(MachineSpec machine, string address, int port) =>
        (await DockerUnderTest.RunInsideAsync(machine.Id, $"nc -w 2 {address} {port} -e true", root: true)).ExitCode == 0;

    /// <summary>The listener needs a moment to come up; a refused connection is answered at once.</summary>
    private static async Task ConnectFromHostAsync(string address)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(address, Port, Cancellation);
                return;
            }
            catch (SocketException) when (attempt < 50)
            {
                await Task.Delay(50, Cancellation);
            }
        }
    }

    private static IEnumerable<string> HostAddresses() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(card => card.OperationalStatus == OperationalStatus.Up && card.GetIPProperties().GatewayAddresses.Count > 0)
            .SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork)
            .Select(address => address.ToString());
}
