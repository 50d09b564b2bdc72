using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Carrel.Fuzz.Tests.Support;

/// <summary>Keeps what the server logs as an error: a request may be answered well and something behind it fail all the same.</summary>
internal sealed class FaultLog : ILoggerProvider, ILogger
{
    private const int Kept = 20;

    private readonly ConcurrentQueue<string> _faults = new();

    /// <summary>The first faults, with their exceptions.</summary>
    internal IReadOnlyList<string> Faults => [.. _faults];

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel) && _faults.Count < Kept)
            _faults.Enqueue($"{formatter(state, exception)}\n{exception}");
    }

    public void Dispose()
    {
    }
}
