using Carrel.Agent.Tests.Machine;
using Carrel.AgentProtocol;

namespace Carrel.Agent.Tests.Activity;

public sealed class ActivityTests
{
    private const int FirstTerminal = 34816;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sample_tells_kernels_terminals_and_secure_shell_sessions()
    {
        await using var machine = await TestMachine.StartAsync(JupyterUp);
        machine.Jupyter.Answers["/api/kernels"] = (200, """
            [{"id":"e0cc","name":"python3","last_activity":"2026-11-20T15:15:29.240865Z","execution_state":"busy","connections":1}]
            """);
        machine.Jupyter.Answers["/api/terminals"] = (200, Terminals("1", "2", "3"));

        // The first terminal runs a silent command, the second nothing, the third something it started in the background.
        machine.Tree.Process(300, "bash", 'S', MachineTree.JupyterProcess, 300, FirstTerminal + 1, 11);
        machine.Tree.Process(200, "bash", 'S', MachineTree.JupyterProcess, 200, FirstTerminal, 10);
        machine.Tree.Process(250, "python3 (x) y)", 'S', 200, 200, FirstTerminal, 20);
        machine.Tree.Process(150, "bash", 'S', MachineTree.JupyterProcess, 150, FirstTerminal + 2, 12);
        machine.Tree.Process(350, "sleep", 'S', 1, 150, FirstTerminal + 2, 21);
        machine.Tree.Process(400, "python3", 'R', MachineTree.JupyterProcess, 400, 0, 13);
        machine.Tree.Process(500, "sshd", 'S', 1, 500, 0, 5, user: 0);
        machine.Tree.Process(501, "sshd-session", 'S', 500, 501, 0, 6, user: 4_000_000);
        machine.Tree.Process(502, "sshd-session", 'S', 501, 501, 0, 7, MachineTree.OwnUser);
        await using var agent = await machine.ConnectAsync();
        var sample = await agent.ActivityAsync(Stop);

        sample.Reason.ShouldBeNull();
        sample.Complete.ShouldBeTrue();
        sample.Kernels.ShouldBe([new KernelActivity("e0cc", "python3", "busy", DateTimeOffset.Parse("2026-11-20T15:15:29.240865Z", null), 1)]);
        sample.Terminals.Select(terminal => (terminal.Name, terminal.HasRunningChild)).ShouldBe([("1", true), ("2", false), ("3", true)]);
        sample.SshSessions.ShouldBe(MachineTree.OwnUser == 0 ? 2 : 1);
    }

    [Theory]
    [InlineData('T')]
    [InlineData('Z')]
    public async Task A_stopped_or_ended_command_does_not_run(char state)
    {
        await using var machine = await TestMachine.StartAsync(JupyterUp);
        machine.Jupyter.Answers["/api/terminals"] = (200, Terminals("1"));
        machine.Tree.Process(200, "bash", 'S', MachineTree.JupyterProcess, 200, FirstTerminal, 10);
        machine.Tree.Process(250, "vim", state, 200, 200, FirstTerminal, 20);
        await using var agent = await machine.ConnectAsync();

        (await agent.ActivityAsync(Stop)).Terminals.Single().HasRunningChild.ShouldBeFalse();
    }

    [Fact]
    public async Task When_shells_cannot_be_told_apart_a_running_command_counts_and_the_sample_is_incomplete()
    {
        await using var machine = await TestMachine.StartAsync(JupyterUp);
        machine.Jupyter.Answers["/api/terminals"] = (200, Terminals("1", "2"));
        machine.Tree.Process(200, "bash", 'S', MachineTree.JupyterProcess, 200, FirstTerminal, 10);
        machine.Tree.Process(250, "make", 'R', 200, 200, FirstTerminal, 20);
        await using var agent = await machine.ConnectAsync();
        var sample = await agent.ActivityAsync(Stop);

        sample.Complete.ShouldBeFalse();
        sample.Terminals.ShouldAllBe(terminal => terminal.HasRunningChild);
    }

    [Theory]
    [InlineData(403, "")]
    [InlineData(500, "")]
    [InlineData(302, "")]
    [InlineData(200, "")]
    [InlineData(200, "{}")]
    [InlineData(200, "[null]")]
    [InlineData(200, """[{"id":"x"}]""")]
    public async Task A_Jupyter_that_does_not_answer_properly_makes_the_sample_incomplete(int status, string body)
    {
        await using var machine = await TestMachine.StartAsync(JupyterUp);
        machine.Jupyter.Answers["/api/kernels"] = (status, body);
        await using var agent = await machine.ConnectAsync();
        var sample = await agent.ActivityAsync(Stop);

        sample.Complete.ShouldBeFalse();
        sample.Reason.ShouldBe("Jupyter does not answer.");
        machine.Jupyter.Requests.ShouldNotContain(request => request.Target.StartsWith("/elsewhere"));
    }

    [Fact]
    public async Task An_endless_answer_of_Jupyter_is_cut_off()
    {
        await using var machine = await TestMachine.StartAsync(JupyterUp);
        machine.Jupyter.Answers["/api/kernels"] = (200, "[" + new string(' ', AgentContract.LargestAnswerBytes) + "]");
        await using var agent = await machine.ConnectAsync();

        (await agent.ActivityAsync(Stop)).Complete.ShouldBeFalse();
    }

    [Fact]
    public async Task More_kernels_than_the_bound_are_left_out_and_make_the_sample_incomplete()
    {
        await using var machine = await TestMachine.StartAsync(JupyterUp);
        const string Kernel = """{"id":"e","name":"p","last_activity":"2026-11-20T15:15:29Z","execution_state":"idle","connections":-5}""";
        machine.Jupyter.Answers["/api/kernels"] = (200, $"[{string.Join(',', Enumerable.Repeat(Kernel, AgentContract.MostEntries + 1))}]");
        await using var agent = await machine.ConnectAsync();
        var sample = await agent.ActivityAsync(Stop);

        sample.Kernels.Count.ShouldBe(AgentContract.MostEntries);
        sample.Kernels.ShouldAllBe(kernel => kernel.Connections == 0);
        sample.Complete.ShouldBeFalse();
    }

    [Fact]
    public async Task A_Jupyter_without_terminals_gives_a_complete_sample()
    {
        await using var machine = await TestMachine.StartAsync(JupyterUp);
        machine.Jupyter.Answers["/api/terminals"] = (404, "");
        await using var agent = await machine.ConnectAsync();

        (await agent.ActivityAsync(Stop)).Complete.ShouldBeTrue();
    }

    private static void JupyterUp(MachineTree tree) => File.Copy(tree.In("up.status"), tree.In("sv/jupyter/supervise/status"), overwrite: true);

    private static string Terminals(params string[] names) =>
        $"[{string.Join(',', names.Select(name => $$"""{"name":"{{name}}","last_activity":"2026-11-20T15:15:54.448090Z"}"""))}]";
}
