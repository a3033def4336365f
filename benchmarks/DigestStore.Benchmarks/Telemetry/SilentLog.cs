using Microsoft.Extensions.Logging;

namespace DigestStore.Benchmarks.Telemetry;

/// <summary>Takes and formats what is logged at Information and above, and keeps none of it.</summary>
internal sealed class SilentLog : ILoggerFactory, ILogger
{
    private long _heard;

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Interlocked.Add(ref _heard, formatter(state, exception).Length);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void AddProvider(ILoggerProvider provider)
    {
        // There is one logger for all.
    }

    public void Dispose()
    {
        // Nothing is held.
    }
}
