using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EmailDigest.Tests.Support;

/// <summary>A log of which only the ids of its events are kept.</summary>
internal sealed class EventIds : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<int> _seen = new();

    public IReadOnlyCollection<int> Seen => _seen;

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _seen.Enqueue(eventId.Id);

    public void Dispose()
    {
    }
}
