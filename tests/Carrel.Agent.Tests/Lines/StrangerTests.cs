using System.Net.Sockets;
using System.Text;
using Carrel.Agent.Tests.Machine;
using Carrel.AgentProtocol;
using Carrel.AgentProtocol.Lines;

namespace Carrel.Agent.Tests.Lines;

/// <summary>Whoever reaches the agent's port and is not the server: a program of the machine, as a rule.</summary>
public sealed class StrangerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\nHost: agent\r\n\r\n")]
    [InlineData("carrel-line/2 00000000000000000000000000000000\n")]
    [InlineData("carrel-line/1 0000\n")]
    [InlineData("\n")]
    public async Task A_request_without_an_introduction_is_not_answered_at_all(string said)
    {
        await using var machine = await TestMachine.StartAsync();
        using TcpClient client = await DialAsync(machine);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(said), Stop);
        (await ReadAsync(client)).ShouldBeEmpty();
        machine.Tree.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_false_proof_opens_no_line_for_requests()
    {
        await using var machine = await TestMachine.StartAsync();
        foreach (string proof in new[] { new string('0', 64), machine.Secret.Derive("jupyter"), machine.Secret.Derive("agent"), machine.Secret.Reveal(), "" })
        {
            using TcpClient client = await DialAsync(machine);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{LineContract.Greeting} {new string('0', 32)}\n{proof} {LineContract.Requests}\nPRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), Stop);
            (await ReadAsync(client)).Count(letter => letter == '\n').ShouldBe(1, "the agent's own introduction and nothing behind it");
        }
    }

    [Fact]
    public async Task Another_machines_secret_opens_no_line_for_requests()
    {
        await using var machine = await TestMachine.StartAsync();
        using TcpClient client = await DialAsync(machine);
        (await LineHandshake.AsServerAsync(client.GetStream(), MachineSecret.Create(), LineContract.Requests, Stop)).ShouldBe(LineReception.Stranger);
    }

    [Fact]
    public async Task Those_who_connect_and_say_nothing_are_let_go_so_that_the_server_gets_in()
    {
        await using var machine = await TestMachine.StartAsync();
        var silent = new List<TcpClient>();
        for (int number = 0; number < LineContract.MostStrangers; number++)
            silent.Add(await DialAsync(machine));

        // They take every place, for the 5 s that an introduction may take.
        await using (var agent = await machine.ConnectAsync())
            (await agent.HealthAsync(Stop)).Configured.ShouldBeFalse();
        (await ReadAsync(silent[0])).ShouldBeEmpty("the agent has hung up on it");
        silent.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Lines_that_are_open_take_no_place_of_those_who_introduce_themselves()
    {
        await using var machine = await TestMachine.StartAsync();
        var open = new List<Carrel.Engine.Agents.IAgent>();
        for (int number = 0; number <= LineContract.MostStrangers; number++)
            open.Add(await machine.ConnectAsync());
        foreach (var agent in open)
        {
            (await agent.HealthAsync(Stop)).Version.ShouldNotBeEmpty();
            await agent.DisposeAsync();
        }
    }

    private static async Task<TcpClient> DialAsync(TestMachine machine)
    {
        var client = new TcpClient();
        await client.ConnectAsync(machine.Lines, Stop);
        return client;
    }

    // Until the agent hangs up, politely or not.
    private static async Task<string> ReadAsync(TcpClient client)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[4096];
        try
        {
            for (int count; (count = await client.Client.ReceiveAsync(buffer, Stop)) > 0;)
                text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }
        catch (SocketException)
        {
        }

        return text.ToString();
    }
}
