using Carrel.Agent.Commands;
using Carrel.Agent.Tests.Machine;

namespace Carrel.Agent.Tests.Commands;

/// <summary>The commands that people and libraries find in a machine.</summary>
public sealed class MachineCommandsTests : IDisposable
{
    private readonly MachineTree _tree = new();

    private AgentOptions Options => _tree.Options(new Uri("http://127.0.0.1/"));

    private string Link => _tree.In("bin/carrel");

    [Fact]
    public async Task Settings_bring_the_command_line_and_the_stand_in_for_az()
    {
        await using var machine = await TestMachine.StartAsync();
        await using var agent = await machine.ConnectAsync();
        (await agent.ConfigureAsync(MachineTree.Settings(), TestContext.Current.CancellationToken)).Problems.ShouldBeEmpty();

        new FileInfo(machine.Tree.In("bin/carrel")).LinkTarget.ShouldBe("/opt/carrel/agent/carrel");
        (await File.ReadAllTextAsync(machine.Tree.In("bin/az"), TestContext.Current.CancellationToken)).ShouldEndWith("exec /opt/carrel/agent/carrel-agent az \"$@\"\n");
    }

    [Theory]
    [InlineData("up.status")]
    [InlineData("nowhere/carrel")]
    public void A_link_that_an_older_agent_made_or_that_leads_nowhere_is_made_anew(string target)
    {
        File.CreateSymbolicLink(Link, _tree.In(target));

        MachineCommands.Ensure(Options with { Program = _tree.In("up.status") }).ShouldBeNull();
        new FileInfo(Link).LinkTarget.ShouldBe("/opt/carrel/agent/carrel");
    }

    [Fact]
    public void A_link_of_somebodys_own_stays()
    {
        File.CreateSymbolicLink(Link, _tree.In("up.status"));

        MachineCommands.Ensure(Options).ShouldBeNull();
        new FileInfo(Link).LinkTarget.ShouldBe(_tree.In("up.status"));
    }

    [Fact]
    public void What_somebody_put_there_stays()
    {
        File.WriteAllText(Link, "somebody's own");
        File.WriteAllText(_tree.In("bin/az"), "somebody's own");

        MachineCommands.Ensure(Options).ShouldBeNull();
        File.ReadAllText(Link).ShouldBe("somebody's own");
        File.ReadAllText(_tree.In("bin/az")).ShouldBe("somebody's own");
    }

    [Fact]
    public void A_folder_that_takes_no_files_is_a_problem_and_no_fault() =>
        MachineCommands.Ensure(Options with { CommandFolder = _tree.In("up.status") })!.ShouldContain("cannot be made");

    public void Dispose() => _tree.Dispose();
}
