using System.Diagnostics;
using System.Net.Http.Json;
using Carrel.Agent.Terminals;
using Carrel.Agent.Tests.Machine;
using Carrel.AgentProtocol;
using Carrel.Engine.Agents;

namespace Carrel.Agent.Tests.Terminals;

/// <summary>A notice in the terminals of the machine's user, on a pseudo-terminal of this machine.</summary>
public sealed class TerminalBoardTests
{
    [Fact]
    public void A_text_cannot_move_the_cursor_colour_the_screen_or_turn_the_writing()
    {
        TerminalBoard.Printable("a\u001b[2Jb\tc\u0007d\u009be\u202ef\r\ng").ShouldBe("\r\n\aa[2Jbcdef\r\ng\r\n");
        TerminalBoard.Printable(new string('x', 5000)).Length.ShouldBe(AgentContract.LongestNotice + 5);
    }

    [Fact]
    public async Task A_notice_is_shown_in_the_users_terminals_and_in_nobody_else_s()
    {
        await using TestMachine machine = await TestMachine.StartAsync();
        using var own = new PseudoTerminal();
        using var other = new PseudoTerminal();
        machine.Tree.Process(100, "bash", 'S', 1, 100, own.Device, 1, MachineTree.OwnUser);
        machine.Tree.Process(101, "python", 'S', 100, 100, own.Device, 2, MachineTree.OwnUser);
        machine.Tree.Process(102, "bash", 'S', 1, 102, other.Device, 3, MachineTree.OwnUser + 1);
        machine.Tree.Process(103, "jupyter", 'S', 1, 103, 0, 4, MachineTree.OwnUser);

        await using IAgent agent = await machine.ConnectAsync();
        (await agent.NotifyAsync("Carrel: desk stops in 15 minutes.\nSave your work.", TestContext.Current.CancellationToken)).ShouldBe(1);
        await own.UntilShownAsync("Carrel: desk stops in 15 minutes.\nSave your work.");
        other.Shown.ShouldNotContain("Carrel");
    }

    [Fact]
    public async Task A_terminal_that_is_gone_is_no_fault()
    {
        await using TestMachine machine = await TestMachine.StartAsync();
        machine.Tree.Process(100, "bash", 'S', 1, 100, (136 << 8) | 250, 1, MachineTree.OwnUser);
        await using IAgent agent = await machine.ConnectAsync();
        (await agent.NotifyAsync("x", TestContext.Current.CancellationToken)).ShouldBe(0);
    }

    [Fact]
    public async Task Only_a_post_of_a_text_is_taken()
    {
        await using TestMachine machine = await TestMachine.StartAsync();
        using HttpClient client = machine.Client();
        (await client.GetAsync("notice", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(System.Net.HttpStatusCode.MethodNotAllowed);
        (await client.PostAsync("notice", TestMachine.Json("{}"), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(System.Net.HttpStatusCode.BadRequest);
        (await client.PostAsync("notice", TestMachine.Json("""{"text":"hello"}"""), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
    }

    /// <summary>A pseudo-terminal that <c>script</c> holds open; what is written to it ends in a file.</summary>
    private sealed class PseudoTerminal : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("carrel-terminal-").FullName;
        private readonly Process _script;

        internal PseudoTerminal()
        {
            _script = Process.Start("script", ["--quiet", "--flush", "--command", $"tty > {_folder}/name; sleep 60", Path.Combine(_folder, "shown")]);
            string name = Path.Combine(_folder, "name");
            for (int look = 0; !File.Exists(name) || new FileInfo(name).Length == 0; look++)
            {
                look.ShouldBeLessThan(500, "script(1) opened no terminal");
                Thread.Sleep(20);
            }

            int number = int.Parse(File.ReadAllText(name).Trim()["/dev/pts/".Length..], System.Globalization.CultureInfo.InvariantCulture);
            // As proc_pid_stat(5) writes device numbers.
            Device = (number & 0xFF) | (136 << 8) | ((number & 0xFFF00) << 12);
        }

        internal int Device { get; }

        // The terminal puts a carriage return of its own before each line feed.
        internal string Shown =>
            File.Exists(Path.Combine(_folder, "shown")) ? File.ReadAllText(Path.Combine(_folder, "shown")).Replace("\r", "", StringComparison.Ordinal) : "";

        internal async Task UntilShownAsync(string text)
        {
            for (int look = 0; !Shown.Contains(text, StringComparison.Ordinal); look++)
            {
                look.ShouldBeLessThan(250, Shown);
                await Task.Delay(20);
            }
        }

        public void Dispose()
        {
            _script.Kill(entireProcessTree: true);
            _script.Dispose();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
