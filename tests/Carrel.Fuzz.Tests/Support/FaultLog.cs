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
        string said = formatter(state, exception);
        if (IsEnabled(logLevel) && _faults.Count < Kept && !IsOfTheWebServer(said, exception))
            _faults.Enqueue($"{said}\n{exception}");
    }

    public void Dispose()
    {
    }

    // After the answer to a request whose trailer is no text, Kestrel fails to read on and closes the connection: it says so as an error.
    private static bool IsOfTheWebServer(string said, Exception? exception) =>
        exception is InvalidOperationException && said.Contains("automatic draining of the request body failed", StringComparison.Ordinal);
}
