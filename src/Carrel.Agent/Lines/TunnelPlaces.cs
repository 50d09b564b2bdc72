using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using Carrel.AgentProtocol.Lines;

namespace Carrel.Agent.Lines;

/// <summary>Connections of the machine's programs that wait for the server to fetch them.</summary>
internal sealed class TunnelPlaces(ServerCalls calls)
{
    private readonly ConcurrentDictionary<string, Waiting> _waiting = new(StringComparer.Ordinal);

    /// <summary>Asks the server to fetch a connection, and waits until it has ended.</summary>
    public async Task OfferAsync(Socket socket, CancellationToken cancellation)
    {
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var place = new Waiting(socket);
        _waiting[id] = place;
        MachineCallAnswer? answer = await calls.AskAsync(new MachineCall(0, MachineCallKinds.Tunnel) { TunnelId = id }, cancellation);
        if (answer is not { Status: 200 } || !await IsTakenAsync(place, cancellation))
        {
            // Whoever takes it out has it: a line that comes after this finds nothing.
            if (_waiting.TryRemove(id, out _))
            {
                return;
            }
        }

        await place.Ended.Task.WaitAsync(cancellation);
    }

    /// <summary>Whether a connection waits under an id.</summary>
    public bool IsWaiting(string id) => _waiting.ContainsKey(id);

    /// <summary>Carries a fetched connection to its end; an id is good once.</summary>
    public async Task CarryAsync(string id, Socket line, CancellationToken cancellation)
    {
        if (!_waiting.TryRemove(id, out Waiting? place))
        {
            return;
        }

        place.Taken.TrySetResult();
        try
        {
            await Splice.RunAsync(place.Socket, line, cancellation);
        }
        finally
        {
            place.Ended.TrySetResult();
        }
    }

    private static async Task<bool> IsTakenAsync(Waiting place, CancellationToken cancellation)
    {
        try
        {
            await place.Taken.Task.WaitAsync(LineContract.Patience, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private sealed record Waiting(Socket Socket)
    {
        public TaskCompletionSource Taken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
