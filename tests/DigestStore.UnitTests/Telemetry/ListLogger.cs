using System.Collections.Concurrent;
using DigestStore.Telemetry;
using Microsoft.Extensions.Logging;

namespace DigestStore.UnitTests.Telemetry;

// Keeps what is logged, the audit apart, or throws at every chance.
internal sealed class ListLogger(bool throws = false, LogLevel least = LogLevel.Information) : ILoggerFactory, ILogger
{
    private readonly AuditLogger _audit = new();

    public ConcurrentQueue<(LogLevel Level, int Id, string Text)> Entries { get; } = new();

    // What a console would show.
    public ConcurrentQueue<(int Id, string Message)> Messages { get; } = new();

    public ConcurrentQueue<Dictionary<string, object?>> Audits => _audit.Entries;

    public int[] Ids => [.. Entries.Select(static entry => entry.Id)];

    public ILogger CreateLogger(string categoryName) => !throws && categoryName == AuditLog.Category ? _audit : this;

    public bool IsEnabled(LogLevel logLevel) => throws ? throw new InvalidTimeZoneException() : logLevel >= least;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (throws)
        {
            throw new InvalidTimeZoneException();
        }

        string values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join('|', pairs.Select(static pair => pair.Value)) : "";
        Messages.Enqueue((eventId.Id, formatter(state, exception)));
        Entries.Enqueue((logLevel, eventId.Id, formatter(state, exception) + values + exception));
    }

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    private sealed class AuditLogger : ILogger
    {
        public ConcurrentQueue<Dictionary<string, object?>> Entries { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Entries.Enqueue(new Dictionary<string, object?>((IEnumerable<KeyValuePair<string, object?>>)state!, StringComparer.Ordinal) { ["EventId"] = eventId.Id, ["Text"] = formatter(state, exception) });
    }
}
