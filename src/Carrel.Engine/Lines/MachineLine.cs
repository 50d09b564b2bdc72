using System.Net;
using System.Net.Sockets;
using Carrel.AgentProtocol;
using Carrel.AgentProtocol.Lines;

namespace Carrel.Engine.Lines;

/// <summary>The line of one machine's calls, from its opening to its end.</summary>
internal sealed class MachineLine(
    Guid machineId, IPAddress address, MachineSecret secret, IMachineCalls calls, TunnelFetch tunnels, MachineLineOptions options, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _writing = new(1);
    // What a machine asks beyond it stays in its connection.
    private readonly SemaphoreSlim _places = new(LineContract.MostCalls);
    private int _carried;

    // An agent's own count goes down a little earlier than this one; an agent that somebody has replaced meets this one.
    private const int MostCarried = 2 * LineContract.MostTunnels;

    /// <inheritdoc/>
    public void Dispose()
    {
        _writing.Dispose();
        _places.Dispose();
    }

    /// <summary>Opens the line and answers what comes.</summary>
    /// <returns>True when it was opened.</returns>
    internal async Task<bool> RunAsync(CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        bool opened = false;
        try
        {
            await using NetworkStream stream = await OpenAsync(socket, cancellation);
            opened = true;
            var messages = new LineMessages(stream);
            await Task.WhenAny(ReadAsync(messages, ended.Token), BeatAsync(messages, ended.Token)).Unwrap();
        }
        // What a machine says wrongly ends its line; it is opened anew.
        catch (Exception fault) when (fault is SocketException or IOException or InvalidDataException or OperationCanceledException or ObjectDisposedException)
        {
        }

        await ended.CancelAsync();
        return opened;
    }

    private async Task<NetworkStream> OpenAsync(Socket socket, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(LineContract.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        await socket.ConnectAsync(new IPEndPoint(address, options.Port), either.Token);
        var stream = new NetworkStream(socket, ownsSocket: false);
        return await LineHandshake.AsServerAsync(stream, secret, LineContract.Calls, either.Token) == LineReception.Accepted
            ? stream
            : throw new IOException("Whoever answers is not this machine's agent.");
    }

    private async Task ReadAsync(LineMessages messages, CancellationToken cancellation)
    {
        while (true)
        {
            using var silence = new CancellationTokenSource(LineContract.Silence, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellation);
            if (await messages.ReadAsync(AgentJson.Default.MachineCall, either.Token) is not { } call)
                return;
            if (call.Kind == MachineCallKinds.Alive)
                continue;
            await _places.WaitAsync(cancellation);
            _ = AnswerAsync(messages, call, cancellation);
        }
    }

    private async Task AnswerAsync(LineMessages messages, MachineCall call, CancellationToken cancellation)
    {
        try
        {
            if (call.Kind == MachineCallKinds.Tunnel)
                await CarryAsync(messages, call, cancellation);
            else
                await WriteAsync(messages, await calls.AnswerAsync(machineId, call, cancellation) with { Id = call.Id }, cancellation);
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or OperationCanceledException or SocketException)
        {
            // The line has ended, and with it the wait for this answer.
        }
        finally
        {
            Release();
        }
    }

    // An answer may end after its line was let go.
    private void Release()
    {
        try
        {
            _places.Release();
        }
        catch (ObjectDisposedException)
        {
        }
    }

    private async Task CarryAsync(LineMessages messages, MachineCall call, CancellationToken cancellation)
    {
        Func<CancellationToken, Task>? carry = null;
        int carried = Interlocked.Increment(ref _carried);
        if (carried <= MostCarried && call.TunnelId is { Length: 32 } id && id.All(char.IsAsciiHexDigitLower))
            carry = await tunnels.FetchAsync(address, secret, id, cancellation);
        if (carry is not null)
            _ = CarryAsync(carry, cancellation);
        else
            Interlocked.Decrement(ref _carried);
        await WriteAsync(messages, new MachineCallAnswer(call.Id, carry is null ? 503 : 200, ""), cancellation);
    }

    private async Task CarryAsync(Func<CancellationToken, Task> carry, CancellationToken cancellation)
    {
        await carry(cancellation);
        Interlocked.Decrement(ref _carried);
    }

    private async Task BeatAsync(LineMessages messages, CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(LineContract.Beat, time, cancellation);
            await WriteAsync(messages, new MachineCallAnswer(0, 0, ""), cancellation);
        }
    }

    private async Task WriteAsync(LineMessages messages, MachineCallAnswer answer, CancellationToken cancellation)
    {
        // A machine that does not read must not hold up whoever writes next for ever.
        using var late = new CancellationTokenSource(LineContract.Silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        await _writing.WaitAsync(either.Token);
        try
        {
            await messages.WriteAsync(answer, AgentJson.Default.MachineCallAnswer, either.Token);
        }
        finally
        {
            _writing.Release();
        }
    }
}
