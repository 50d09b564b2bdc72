using System.Collections.Concurrent;
using Carrel.AgentProtocol;
using Carrel.AgentProtocol.Lines;

namespace Carrel.Agent.Lines;

/// <summary>Asks the server over the line of calls that it opened. Without a line a call waits a moment for one, and then has no answer.</summary>
internal sealed class ServerCalls : IDisposable
{
    private readonly SemaphoreSlim _places = new(LineContract.MostCalls);
    private readonly SemaphoreSlim _writing = new(1);
    private readonly ConcurrentDictionary<long, TaskCompletionSource<MachineCallAnswer?>> _waiting = new();
    private readonly Lock _change = new();
    private readonly TimeSpan _answerLimit;
    private readonly TimeProvider _time;
    // Replaced whenever a line begins or ends; whoever has to wait, waits for the first that is complete.
    private TaskCompletionSource<LineMessages> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _last;

    /// <summary>Calls that are answered within a time.</summary>
    public ServerCalls(TimeSpan answerLimit, TimeProvider time) => (_answerLimit, _time) = (answerLimit, time);

    /// <summary>Asks; the number of <paramref name="call"/> is given here.</summary>
    /// <returns>The answer, or null when the server is not there or does not answer.</returns>
    public async Task<MachineCallAnswer?> AskAsync(MachineCall call, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(_answerLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        long id = Interlocked.Increment(ref _last);
        var answered = new TaskCompletionSource<MachineCallAnswer?>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool hasPlace = false;
        try
        {
            await _places.WaitAsync(either.Token);
            hasPlace = true;
            LineMessages line = await Volatile.Read(ref _line).Task.WaitAsync(LineContract.Patience, _time, either.Token);
            _waiting[id] = answered;
            await WriteAsync(line, call with { Id = id }, either.Token);
            return await answered.Task.WaitAsync(either.Token);
        }
        catch (Exception silent) when (silent is IOException or TimeoutException or ObjectDisposedException || (silent is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
        finally
        {
            _waiting.TryRemove(id, out _);
            if (hasPlace)
            {
                _places.Release();
            }
        }
    }

    /// <summary>Uses a line until it ends; a newer one takes its place.</summary>
    public async Task ServeAsync(Stream stream, CancellationToken cancellation)
    {
        var line = new LineMessages(stream);
        lock (_change)
        {
            if (_line.Task.IsCompleted)
            {
                _line = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            _line.SetResult(line);
        }

        try
        {
            await ReadAsync(line, cancellation);
        }
        catch (Exception ended) when (ended is IOException or InvalidDataException or OperationCanceledException)
        {
            // The server opens another one.
        }
        finally
        {
            lock (_change)
            {
                if (_line.Task.IsCompletedSuccessfully && _line.Task.Result == line)
                {
                    _line = new(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }

            foreach (var waiting in _waiting.Values)
            {
                waiting.TrySetResult(null);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _places.Dispose();
        _writing.Dispose();
    }

    private async Task ReadAsync(LineMessages line, CancellationToken cancellation)
    {
        while (true)
        {
            using var silence = new CancellationTokenSource(LineContract.Silence, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellation);
            if (await line.ReadAsync(AgentJson.Default.MachineCallAnswer, either.Token) is not { } answer)
            {
                return;
            }

            if (answer.Id == 0)
            {
                await WriteAsync(line, new MachineCall(0, MachineCallKinds.Alive), either.Token);
            }
            else if (_waiting.TryGetValue(answer.Id, out var waiting))
            {
                waiting.TrySetResult(answer);
            }
        }
    }

    private async Task WriteAsync(LineMessages line, MachineCall call, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            await line.WriteAsync(call, AgentJson.Default.MachineCall, cancellation);
        }
        finally
        {
            _writing.Release();
        }
    }
}
