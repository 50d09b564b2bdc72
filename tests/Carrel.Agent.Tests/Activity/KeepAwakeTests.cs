using Carrel.Agent.KeepAwake;
using Carrel.Agent.Tests.Machine;

namespace Carrel.Agent.Tests.Activity;

/// <summary><c>carrel keep-awake --pid N</c> inside a machine.</summary>
public sealed class KeepAwakeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_process_keeps_its_machine_awake_as_long_as_it_lives()
    {
        await using var machine = await TestMachine.StartAsync();
        machine.Tree.Process(4711, "train.py", 'S', 1, 4711, 0, 10);
        var options = machine.Tree.Options(machine.Jupyter.Address);
        using var output = new StringWriter();
        KeepAwakeCommand.Run(["keep-awake", "--pid", "4711"], options, output, TextWriter.Null).ShouldBe(0);
        output.ToString().ShouldContain("while process 4711 lives");
        await using var agent = await machine.ConnectAsync();

        var kept = (await agent.ActivityAsync(Stop)).KeptProcesses.Single();
        (kept.Id, kept.Name).ShouldBe((4711, "train.py"));
        machine.Tree.Process(4711, "train.py", 'Z', 1, 4711, 0, 10);
        (await agent.ActivityAsync(Stop)).KeptProcesses.ShouldBeEmpty();
        File.Exists(Path.Combine(options.KeepAwakeFolder, "4711")).ShouldBeFalse("what is over is taken away");
    }

    [Fact]
    public async Task Another_process_that_gets_the_same_id_keeps_nothing_awake()
    {
        await using var machine = await TestMachine.StartAsync();
        machine.Tree.Process(4711, "train.py", 'S', 1, 4711, 0, 10);
        File.WriteAllText(machine.Tree.In("run/keep-awake/4711"), "");
        await using var agent = await machine.ConnectAsync();
        (await agent.ActivityAsync(Stop)).KeptProcesses.ShouldHaveSingleItem();

        machine.Tree.Process(4711, "sleep", 'S', 1, 4711, 0, 99);
        (await agent.ActivityAsync(Stop)).KeptProcesses.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_else_lies_in_the_folder_is_neither_followed_nor_believed()
    {
        await using var machine = await TestMachine.StartAsync();
        var secret = machine.Tree.In("state/keep");
        File.WriteAllText(secret, "stays");
        File.CreateSymbolicLink(machine.Tree.In("run/keep-awake/99"), secret);
        File.WriteAllText(machine.Tree.In("run/keep-awake/notes"), "");
        Directory.CreateDirectory(machine.Tree.In("run/keep-awake/77"));
        await using var agent = await machine.ConnectAsync();

        (await agent.ActivityAsync(Stop)).KeptProcesses.ShouldBeEmpty();
        File.ReadAllText(secret).ShouldBe("stays");
        Directory.GetFileSystemEntries(machine.Tree.In("run/keep-awake")).ShouldBe([machine.Tree.In("run/keep-awake/77")]);
        File.GetUnixFileMode(machine.Tree.In("run/keep-awake")).HasFlag(UnixFileMode.StickyBit | UnixFileMode.OtherWrite).ShouldBeTrue();
    }

    [Theory]
    [InlineData(2, "keep-awake")]
    [InlineData(2, "keep-awake", "--pid", "x")]
    [InlineData(2, "keep-awake", "--pid", "-1")]
    [InlineData(2, "compute", "list")]
    [InlineData(1, "keep-awake", "--pid", "4712")]
    [InlineData(0, "keep-awake", "--help")]
    public void Wrong_usage_and_processes_that_are_not_there_are_told(int code, params string[] words)
    {
        using var tree = new MachineTree();

        KeepAwakeCommand.Run(words, tree.Options(new Uri("http://127.0.0.1/")), TextWriter.Null, TextWriter.Null).ShouldBe(code);
    }

    [Fact]
    public async Task Ending_a_connection_of_VS_Code_that_is_not_there_is_refused_with_its_code()
    {
        await using var machine = await TestMachine.StartAsync();
        await using var agent = await machine.ConnectAsync();

        (await Should.ThrowAsync<Carrel.Engine.Agents.AgentProtocolException>(() => agent.EndEditorAsync("e1", Stop))).Code.ShouldBe("EditorNotFound");
    }
}
