using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace DigestStore.UnitTests.Telemetry;

// Keeps what is logged, or throws at every chance.
internal sealed class ListLogger(bool throws = false) : ILoggerFactory, ILogger
{
    public ConcurrentQueue<(LogLevel Level, int Id, string Text)> Entries { get; } = new();

    public int[] Ids => [.. Entries.Select(static entry => entry.Id)];

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => throws ? throw new InvalidTimeZoneException() : true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (throws)
        {
            throw new InvalidTimeZoneException();
        }

        string values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join('|', pairs.Select(static pair => pair.Value)) : "";
        Entries.Enqueue((logLevel, eventId.Id, formatter(state, exception) + values + exception));
    }

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }
}
