using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Carrel.Fuzz.Tests.Requests;
using Carrel.Fuzz.Tests.Support;
using Carrel.Fuzz.Tests.Wire;

namespace Carrel.Fuzz.Tests;

/// <summary>Sends the requests of a range of numbers, over a few connections side by side, and checks every answer.</summary>
internal sealed class FuzzRun(FuzzServer server, Scene scene, int seed)
{
    // Generous: the machine may be busy with other tests.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private const int Connections = 4;
    private const int MostFaults = 5;
    private const int RepairEvery = 100;

    private readonly RequestGenerator _generator = new(RouteTable.Of(server), seed);
    private readonly AnswerRules _rules = new(server.Folder);
    private readonly ConcurrentDictionary<int, int> _statuses = new();
    private readonly ConcurrentDictionary<string, byte> _succeeded = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private int _next;
    private long _slowest;

    /// <summary>How many answers had which status; 0 counts those that ended the connection instead.</summary>
    internal IReadOnlyDictionary<int, int> Statuses => _statuses;

    /// <summary>Operations that were answered with success at least once: all else would test refusals only.</summary>
    internal IReadOnlyCollection<string> Succeeded => (IReadOnlyCollection<string>)_succeeded.Keys;

    internal TimeSpan Slowest => TimeSpan.FromTicks(_slowest);

    /// <summary>Sends the requests <paramref name="first"/> to <paramref name="last"/>.</summary>
    /// <returns>The first things that were wrong, with the requests and how to send them again; empty when nothing was.</returns>
    internal async Task<IReadOnlyCollection<string>> SendAsync(int first, int last)
    {
        _next = first - 1;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => SendUntilAsync(last)));
        return _faults;
    }

    private async Task SendUntilAsync(int last)
    {
        await using WireClient client = server.Connect();
        while (_faults.Count < MostFaults && Interlocked.Increment(ref _next) is var number && number <= last)
        {
            if (number % RepairEvery == 0)
                await scene.RepairAsync();
            FuzzRequest request = _generator.Make(number);
            if (await SendAsync(client, request) is { } fault)
                _faults.Enqueue(Describe(request, fault));
        }
    }

    private async Task<string?> SendAsync(WireClient client, FuzzRequest request)
    {
        using var patience = new CancellationTokenSource(Patience);
        long begun = Stopwatch.GetTimestamp();
        try
        {
            WireAnswer? answer = await client.SendAsync(request.Bytes(scene.Placeholders), request.IsHead, isLast: request.Broken, patience.Token);
            Record(request, answer, Stopwatch.GetElapsedTime(begun));
            return _rules.Fault(request, answer) is { } fault ? $"{fault}\nanswer: {answer?.Status} {answer?.Text}" : null;
        }
        catch (OperationCanceledException)
        {
            return $"No answer within {Patience.TotalSeconds} seconds.";
        }
        catch (InvalidDataException fault)
        {
            return fault.Message;
        }
    }

    private void Record(FuzzRequest request, WireAnswer? answer, TimeSpan took)
    {
        _statuses.AddOrUpdate(answer?.Status ?? 0, 1, (_, count) => count + 1);
        if (answer?.Status is >= 200 and < 400 && !request.Broken)
            _succeeded.TryAdd(request.Operation, 0);
        for (long seen = _slowest; took.Ticks > seen && Interlocked.CompareExchange(ref _slowest, took.Ticks, seen) != seen; seen = _slowest)
        {
        }
    }

    private string Describe(FuzzRequest request, string fault) => string.Create(CultureInfo.InvariantCulture, $"""
        Request {request.Number} of seed {seed}, made from {request.Operation}: {fault}

        {request}

        Again, alone:              {FuzzTests.Variable}={seed}:{request.Number} dotnet run --project tests/Carrel.Fuzz.Tests
        Again, with what came before: {FuzzTests.Variable}={seed}:1-{request.Number} dotnet run --project tests/Carrel.Fuzz.Tests
        """);
}
