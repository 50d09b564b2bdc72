using System.Diagnostics;
using Carrel.Agent.Settings;
using Carrel.Agent.Tests.Machine;
using Carrel.AgentProtocol;
using Carrel.Engine.Agents;

namespace Carrel.Agent.Tests.Settings;

public sealed class SettingsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Jupyters_secret_is_there_for_root_alone_before_anything_is_asked()
    {
        await using var machine = await TestMachine.StartAsync();
        var file = machine.Tree.In("run/jupyter-secret");

        (await File.ReadAllTextAsync(file, Stop)).ShouldBe(machine.Secret.Derive("jupyter"));
        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Settings_make_the_machine_the_instance()
    {
        await using var machine = await TestMachine.StartAsync();
        await using var agent = await machine.ConnectAsync();
        var health = await agent.ConfigureAsync(MachineTree.Settings(version: 7), Stop);

        health.Configured.ShouldBeTrue();
        health.SettingsVersion.ShouldBe(7);
        health.Problems.ShouldBeEmpty();
        health.Services.Select(service => service.State).ShouldBe([ServiceState.Up, ServiceState.Down]);
        machine.Tree.Calls.ShouldBe(["up jupyter", "down sshd"]);
        Directory.Exists(machine.Tree.In("share/Users/ann")).ShouldBeTrue();
        (await File.ReadAllLinesAsync(machine.Tree.In("run/settings.env"), Stop)).ShouldBe(
        [
            $"CARREL_OWNER_FOLDER='{machine.Tree.In("share/Users/ann")}'", "CI_NAME='ci1'", "CI_WORKSPACE='ws'", "CI_RESOURCE_GROUP='rg'",
            "CI_LOCAL_UBUNTU_USER='azureuser'",
        ]);
    }

    [Fact]
    public async Task Statement_12_T2_the_share_has_its_second_name()
    {
        await using var machine = await TestMachine.StartAsync();
        await using var agent = await machine.ConnectAsync();
        Directory.CreateDirectory(machine.Tree.In("clusters/ci1"));
        File.CreateSymbolicLink(machine.Tree.In("clusters/ci1/code"), "/nowhere");
        await agent.ConfigureAsync(MachineTree.Settings(), Stop);

        await File.WriteAllTextAsync(machine.Tree.In("share/Users/ann/a.txt"), "same", Stop);
        (await File.ReadAllTextAsync(machine.Tree.In("clusters/ci1/code/Users/ann/a.txt"), Stop)).ShouldBe("same");
    }

    [Fact]
    public async Task A_second_name_that_cannot_be_made_is_told_and_stops_nothing()
    {
        await using var machine = await TestMachine.StartAsync();
        await using var agent = await machine.ConnectAsync();
        await File.WriteAllTextAsync(machine.Tree.In("clusters/ci1"), "in the way", Stop);
        var health = await agent.ConfigureAsync(MachineTree.Settings(), Stop);

        health.Problems.Single().ShouldContain("clusters/ci1/code");
        health.Services[0].State.ShouldBe(ServiceState.Up);
    }

    [Fact]
    public async Task Root_access_is_taken_away_and_given_back_as_the_image_had_it()
    {
        await using var machine = await TestMachine.StartAsync();
        await using var agent = await machine.ConnectAsync();
        var rule = machine.Tree.In("sudoers.d/carrel");

        await agent.ConfigureAsync(MachineTree.Settings(rootAccess: false), Stop);
        await agent.ConfigureAsync(MachineTree.Settings(rootAccess: false), Stop);
        File.Exists(rule).ShouldBeFalse();
        Directory.GetFiles(machine.Tree.In("sudoers.d")).Where(file => !Path.GetFileName(file).Contains('.')).ShouldAllBe(file => !File.ReadAllText(file).Contains("ALL"));

        await agent.ConfigureAsync(MachineTree.Settings(rootAccess: true), Stop);
        (await File.ReadAllTextAsync(rule, Stop)).ShouldBe(MachineTree.SudoRule);
    }

    [Fact]
    public async Task A_lost_sudo_rule_is_written_anew_and_read_only()
    {
        await using var machine = await TestMachine.StartAsync(tree => File.Delete(tree.In("sudoers.d/carrel")));
        await using var agent = await machine.ConnectAsync();
        await agent.ConfigureAsync(MachineTree.Settings(), Stop);

        File.GetUnixFileMode(machine.Tree.In("sudoers.d/carrel")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.GroupRead);
    }

    [Fact]
    public async Task Sending_the_same_settings_again_restarts_nothing_but_another_owner_restarts_Jupyter()
    {
        await using var machine = await TestMachine.StartAsync();
        await using var agent = await machine.ConnectAsync();
        await agent.ConfigureAsync(MachineTree.Settings(), Stop);
        await agent.ConfigureAsync(MachineTree.Settings(), Stop);
        machine.Tree.Calls.ShouldNotContain("term jupyter");

        await agent.ConfigureAsync(MachineTree.Settings("ben"), Stop);
        machine.Tree.Calls.Count(call => call == "term jupyter").ShouldBe(1);
    }

    [Fact]
    public async Task A_restarted_agent_applies_the_kept_settings_by_itself()
    {
        await using var machine = await TestMachine.StartAsync();
        string boot;
        await using (var agent = await machine.ConnectAsync())
        {
            boot = (await agent.ConfigureAsync(MachineTree.Settings(version: 3), Stop)).BootId;
        }

        await machine.HaltAsync();
        File.Delete(machine.Tree.In("run/settings.env"));
        File.Copy(machine.Tree.In("down.status"), machine.Tree.In("sv/jupyter/supervise/status"), overwrite: true);
        await machine.BootAsync();

        await using var again = await machine.ConnectAsync();
        AgentHealth health;
        do
        {
            health = await again.HealthAsync(Stop);
        }
        while (!health.Configured);
        health.BootId.ShouldNotBe(boot);
        health.SettingsVersion.ShouldBe(3);
        health.Services[0].State.ShouldBe(ServiceState.Up);
        File.Exists(machine.Tree.In("run/settings.env")).ShouldBeTrue();
    }

    [Fact]
    public async Task Kept_settings_are_for_root_alone_and_hold_no_secret()
    {
        await using var machine = await TestMachine.StartAsync();
        await using var agent = await machine.ConnectAsync();
        await agent.ConfigureAsync(MachineTree.Settings(), Stop);
        var file = machine.Tree.In("state/settings.json");

        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var text = await File.ReadAllTextAsync(file, Stop);
        foreach (var secret in new[] { machine.Secret.Reveal(), machine.Secret.Derive("agent"), machine.Secret.Derive("jupyter") })
        {
            text.ShouldNotContain(secret);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"instanceName":"../x"}""")]
    public async Task Damaged_kept_settings_do_not_keep_the_agent_from_serving(string kept)
    {
        await using var machine = await TestMachine.StartAsync(tree => File.WriteAllText(tree.In("state/settings.json"), kept));
        await using var agent = await machine.ConnectAsync();

        (await agent.HealthAsync(Stop)).Configured.ShouldBeFalse();
        (await agent.ConfigureAsync(MachineTree.Settings(), Stop)).Configured.ShouldBeTrue();
    }

    [Fact]
    public async Task An_owners_folder_that_cannot_be_reached_is_refused_before_Jupyter_is_brought_up()
    {
        await using var machine = await TestMachine.StartAsync(tree => File.WriteAllText(tree.In("share/Users/ann"), "a file"));
        await using var agent = await machine.ConnectAsync();

        var refusal = await Should.ThrowAsync<AgentProtocolException>(() => agent.ConfigureAsync(MachineTree.Settings(), Stop));
        refusal.Code.ShouldBe("OwnerFolderUnreachable");
        machine.Tree.Calls.ShouldBeEmpty();
        File.Exists(machine.Tree.In("state/settings.json")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_supervisor_that_comes_late_is_waited_for()
    {
        await using var machine = await TestMachine.StartAsync(tree => tree.Supervisor("""
            echo try >> ROOT/tries
            [ $(wc -l < ROOT/tries) -lt 4 ] && exit 1
            cp ROOT/$1.status $2/supervise/status
            """));
        await using var agent = await machine.ConnectAsync();
        var health = await agent.ConfigureAsync(MachineTree.Settings(), Stop);

        health.Problems.ShouldBeEmpty();
        health.Services[0].State.ShouldBe(ServiceState.Up);
    }

    [Theory]
    [InlineData("it's")]
    [InlineData("$(touch /tmp/x) `id` \"q\" \\ *")]
    [InlineData("''; exit 1; '")]
    [InlineData("Zoë 日本")]
    public void A_shell_reads_every_value_back_as_it_is(string value)
    {
        var text = SettingsEnvironment.Render(MachineTree.Settings() with { WorkspaceName = value }, "/folder", "azureuser", [], rescue: false);
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-euc", text + "printf %s \"$CI_WORKSPACE\""]) { RedirectStandardOutput = true })!;
        shell.StandardOutput.ReadToEnd().ShouldBe(value);
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\0")]
    [InlineData("a\u0085")]
    [InlineData("")]
    public async Task Control_characters_and_empty_names_are_refused(string value)
    {
        await using var machine = await TestMachine.StartAsync();
        await using var agent = await machine.ConnectAsync();
        foreach (var settings in new[]
        {
            MachineTree.Settings() with { InstanceName = value }, MachineTree.Settings() with { WorkspaceName = value },
            MachineTree.Settings() with { ResourceGroup = value }, MachineTree.Settings() with { OwnerAlias = value },
        })
        {
            (await Should.ThrowAsync<AgentProtocolException>(() => agent.ConfigureAsync(settings, Stop))).Code.ShouldBe("InvalidSettings");
        }

        machine.Tree.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("../../etc")]
    [InlineData("/etc")]
    public void A_name_that_is_not_one_path_segment_is_refused(string value)
    {
        SettingsCheck.Refusal(MachineTree.Settings() with { InstanceName = value }).ShouldNotBeNull();
        SettingsCheck.Refusal(MachineTree.Settings() with { OwnerAlias = value }).ShouldNotBeNull();
    }

    [Fact]
    public void A_service_that_cannot_be_switched_is_refused() =>
        SettingsCheck.Refusal(MachineTree.Settings() with { Services = new Dictionary<string, bool> { ["agent"] = false } }).ShouldNotBeNull();
}
