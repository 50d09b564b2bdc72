using Carrel.Hosts.Docker.Tests.Support;
using Carrel.Instances.Hosting;
using Carrel.TestKit.Hosting;
using Shouldly;
using Xunit;

namespace Carrel.Hosts.Docker.Tests.Machines;

/// <summary>What operators and other programs do to our objects, and what the engine says no to.</summary>
public sealed class RepairTests(TestRun run)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_image_that_is_not_there_is_named_with_the_remedy_and_leaves_no_container()
    {
        await using var installation = new DockerUnderTest(run, options => options with { Image = "carrel/none:0" });
        var machine = installation.Spec(HostUnderTest.Network());

        var refusal = await Should.ThrowAsync<HostRefusedException>(() => installation.Docker.EnsureMachineAsync(machine, Cancellation));

        refusal.Code.ShouldBe("ImageNotFound");
        refusal.Message.ShouldContain("carrel/none:0");
        (await installation.Docker.InspectMachineAsync(machine.Id, Cancellation)).ShouldNotBeNull().Phase.ShouldBe(MachinePhase.Incomplete);
    }

    [Fact]
    public async Task The_version_of_the_image_is_told()
    {
        await using var installation = new DockerUnderTest(run);
        var (machine, _) = await installation.RunAsync();

        (await installation.Docker.InspectMachineAsync(machine.Id, Cancellation)).ShouldNotBeNull().ImageVersion.ShouldBe(TinyImage.Version);
    }

    [Fact]
    public async Task An_agent_folder_that_is_missing_is_a_refusal_with_the_engines_words()
    {
        await using var installation = new DockerUnderTest(run, options => options with { AgentFolder = "/nonexistent/agent" });

        var refusal = await Should.ThrowAsync<HostRefusedException>(() => installation.RunAsync());

        refusal.Message.ShouldContain("/nonexistent/agent");
    }

    [Fact]
    public async Task An_engine_that_is_not_there_is_unavailable()
    {
        using var host = TestRun.HostOf(run.NewOptions() with { Endpoint = "unix:///nonexistent/docker.sock" });

        (await Should.ThrowAsync<HostUnavailableException>(() => host.ListMachinesAsync(Cancellation))).Message.ShouldContain("/nonexistent/docker.sock");
        await using var events = host.WatchAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        await Should.ThrowAsync<HostUnavailableException>(() => events.MoveNextAsync().AsTask());
    }

    [Fact]
    public void An_engine_on_another_machine_is_refused() =>
        Should.Throw<HostRefusedException>(() => TestRun.HostOf(run.NewOptions() with { Endpoint = "tcp://10.0.0.1:2375" })).Code.ShouldBe("EndpointNotSupported");

    [Fact]
    public async Task A_machine_that_an_operator_took_off_its_network_is_put_back_when_it_starts()
    {
        await using var installation = new DockerUnderTest(run);
        var (machine, address) = await installation.RunAsync();
        var container = await DockerUnderTest.ContainerAsync(machine.Id);
        var network = (await Command.RunAsync("docker", "inspect", "--format", "{{range $name, $place := .NetworkSettings.Networks}}{{$name}}{{end}}", container)).Text;
        _ = (await Command.RunAsync("docker", "network", "disconnect", "--force", network, container)).Text;
        await installation.Docker.StopMachineAsync(machine.Id, TimeSpan.FromSeconds(5), Cancellation);

        (await installation.Docker.StartMachineAsync(machine.Id, Cancellation)).Address.ShouldBe(address);
    }

    [Fact]
    public async Task A_disk_that_is_still_in_use_makes_the_removal_wait_instead_of_fail()
    {
        await using var installation = new DockerUnderTest(run);
        var machine = installation.Spec(HostUnderTest.Network());
        await installation.LeaveDiskOnlyAsync(machine);
        var disk = (await Command.RunAsync("docker", "volume", "ls", "--quiet", "--filter", $"label=carrel.machine={machine.Id}")).Text;
        var user = (await Command.RunAsync("docker", "create", "--label", $"carrel.test={run.Name}", "--volume", $"{disk}:/disk", run.Image)).Text;
        try
        {
            await Should.ThrowAsync<HostUnavailableException>(() => installation.Docker.DeleteMachineAsync(machine.Id, Cancellation));
        }
        finally
        {
            _ = (await Command.RunAsync("docker", "rm", "--force", user)).Text;
        }

        await installation.Docker.DeleteMachineAsync(machine.Id, Cancellation);
        (await installation.Docker.InspectMachineAsync(machine.Id, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_container_that_an_operator_removed_is_made_anew_around_its_disk()
    {
        await using var installation = new DockerUnderTest(run);
        var (machine, _) = await installation.RunAsync();
        await installation.WriteHomeAsync(machine.Id, "notes", "kept");
        _ = (await Command.RunAsync("docker", "rm", "--force", await DockerUnderTest.ContainerAsync(machine.Id))).Text;
        (await installation.Docker.InspectMachineAsync(machine.Id, Cancellation)).ShouldNotBeNull().Phase.ShouldBe(MachinePhase.Incomplete);

        await installation.Docker.EnsureMachineAsync(machine, Cancellation);
        await installation.Docker.StartMachineAsync(machine.Id, Cancellation);

        (await installation.ReadHomeAsync(machine.Id, "notes")).ShouldBe("kept");
    }

    [Fact]
    public async Task A_network_that_was_pruned_while_its_machines_rested_is_made_anew_and_addresses_stay()
    {
        await using var installation = new DockerUnderTest(run);
        var (machine, address) = await installation.RunAsync();
        await installation.Docker.StopMachineAsync(machine.Id, TimeSpan.FromSeconds(2), Cancellation);
        _ = (await Command.RunAsync("docker", "network", "rm", ObjectNames.Network(machine.Network))).Text;

        (await installation.Docker.StartMachineAsync(machine.Id, Cancellation)).Address.ShouldBe(address);

        (await installation.Docker.ListNetworksAsync(Cancellation)).ShouldBe([machine.Network.Id]);
    }

    [Fact]
    public async Task A_machine_whose_address_a_stranger_took_moves_to_the_next()
    {
        await using var installation = new DockerUnderTest(run);
        var (machine, address) = await installation.RunAsync();
        await installation.Docker.StopMachineAsync(machine.Id, TimeSpan.FromSeconds(2), Cancellation);
        var stranger = (await Command.RunAsync(
            "docker", "run", "--detach", "--network", ObjectNames.Network(machine.Network), "--ip", address, installation.Options.Image)).Text;
        try
        {
            var moved = await installation.Docker.StartMachineAsync(machine.Id, Cancellation);

            moved.Phase.ShouldBe(MachinePhase.Running);
            moved.Address.ShouldNotBe(address);
            await installation.Docker.StopMachineAsync(machine.Id, TimeSpan.FromSeconds(2), Cancellation);
            (await installation.Docker.StartMachineAsync(machine.Id, Cancellation)).Address.ShouldBe(moved.Address);
        }
        finally
        {
            await Command.RunAsync("docker", "rm", "--force", stranger);
        }
    }

    [Fact]
    public async Task A_volume_of_the_same_name_that_is_not_the_machines_disk_is_never_used()
    {
        await using var installation = new DockerUnderTest(run);
        var machine = installation.Spec(HostUnderTest.Network());
        var volume = ObjectNames.Volume(machine);
        _ = (await Command.RunAsync("docker", "volume", "create", volume)).Text;
        try
        {
            (await Should.ThrowAsync<HostRefusedException>(() => installation.Docker.EnsureMachineAsync(machine, Cancellation))).Code.ShouldBe("DiskNotOurs");
        }
        finally
        {
            await Command.RunAsync("docker", "volume", "rm", volume);
        }
    }

    [Fact]
    public async Task Two_servers_of_one_installation_make_one_network_between_them()
    {
        await using var installation = new DockerUnderTest(run);
        using var second = TestRun.HostOf(installation.Options);
        var network = HostUnderTest.Network();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(turn => (turn % 2 == 0 ? second : installation.Docker).EnsureNetworkAsync(network, Cancellation)));

        var networks = await Command.RunAsync("docker", "network", "ls", "--quiet", "--filter", $"label=carrel.network={network.Id}");
        networks.Text.Split('\n').ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Networks_made_at_once_by_several_installations_do_not_overlap()
    {
        var installations = Enumerable.Range(0, 3).Select(_ => new DockerUnderTest(run, options => options with { AddressPool = new(System.Net.IPAddress.Parse("10.187.8.0"), 21) })).ToList();
        try
        {
            await Task.WhenAll(installations.SelectMany(own => new[] { own.Docker.EnsureNetworkAsync(HostUnderTest.Network(), Cancellation), own.Docker.EnsureNetworkAsync(HostUnderTest.Network(), Cancellation) }));

            var subnets = new List<string>();
            foreach (var own in installations)
            {
                var ids = (await Command.RunAsync("docker", "network", "ls", "--quiet", "--filter", $"label=carrel.installation={own.Options.Installation}")).Text.Split('\n');
                subnets.AddRange((await Command.RunAsync("docker", ["network", "inspect", "--format", "{{(index .IPAM.Config 0).Subnet}}", .. ids])).Text.Split('\n'));
            }

            subnets.Count.ShouldBe(6);
            subnets.ShouldBeUnique();
        }
        finally
        {
            foreach (var own in installations)
                await own.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_pool_that_is_used_up_is_a_refusal_that_names_it()
    {
        await using var installation = new DockerUnderTest(run, options => options with { AddressPool = new(System.Net.IPAddress.Parse("10.187.1.0"), 24) });
        await installation.Docker.EnsureNetworkAsync(HostUnderTest.Network(), Cancellation);

        var refusal = await Should.ThrowAsync<HostRefusedException>(() => installation.Docker.EnsureNetworkAsync(HostUnderTest.Network(), Cancellation));

        refusal.Code.ShouldBe("AddressPoolExhausted");
        refusal.Message.ShouldContain("10.187.1.0/24");
    }

    [Fact]
    public async Task A_machine_that_ends_under_a_living_engine_did_not_end_with_it_and_tells_its_exit_code()
    {
        await using var installation = new DockerUnderTest(run);
        var (machine, _) = await installation.RunAsync();
        _ = (await Command.RunAsync("docker", "kill", await DockerUnderTest.ContainerAsync(machine.Id))).Text;

        var ended = (await installation.Docker.ListMachinesAsync(Cancellation)).ShouldHaveSingleItem();

        ended.Phase.ShouldBe(MachinePhase.Stopped);
        ended.EndedWithEngine.ShouldBeFalse();
        ended.ExitReason.ShouldNotBeNull().ShouldContain("137");
    }
}
