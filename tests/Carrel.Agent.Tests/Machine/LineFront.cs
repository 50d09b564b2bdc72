using System.Net;
using System.Net.Sockets;
using Carrel.AgentProtocol;
using Carrel.AgentProtocol.Lines;
using Carrel.Engine.Agents;

namespace Carrel.Agent.Tests.Machine;

/// <summary>
/// Lines in front of any listener, as somebody who knows a machine's secret would build them: its user in place of the agent, or an agent from before
/// there were lines for requests.
/// </summary>
public sealed class LineFront : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public LineFront(MachineSecret secret, int behind, bool takesRequests = true)
    {
        _listener.Start();
        _running = AcceptAsync(secret, behind, takesRequests);
    }

    public AgentEndpoint Endpoint => new("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _running;
        _stop.Dispose();
    }

    private async Task AcceptAsync(MachineSecret secret, int behind, bool takesRequests)
    {
        var carried = new List<Task>();
        try
        {
            while (true)
            {
                carried.Add(CarryAsync(await _listener.AcceptSocketAsync(_stop.Token), secret, behind, takesRequests));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(carried);
        }
    }

    private async Task CarryAsync(Socket line, MachineSecret secret, int behind, bool takesRequests)
    {
        try
        {
            await TryCarryAsync(line, secret, behind, takesRequests);
        }
        catch (Exception broken) when (broken is OperationCanceledException or IOException or SocketException)
        {
            // The other side went first, or the test is over in the middle of it: a broken line is nobody's fault here.
        }
    }

    private async Task TryCarryAsync(Socket line, MachineSecret secret, int behind, bool takesRequests)
    {
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (line)
        await using (var stream = new NetworkStream(line, ownsSocket: false))
        {
            if (await LineHandshake.AsAgentAsync(stream, secret, purpose => takesRequests && purpose == LineContract.Requests, _stop.Token) is not null)
            {
                await far.ConnectAsync(IPAddress.Loopback, behind, _stop.Token);
                await Splice.RunAsync(line, far, _stop.Token);
            }
        }
    }
}
