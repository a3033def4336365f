using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace DigestStore.InfrastructureTests.Running;

/// <summary>Logs as <c>AddJsonConsole()</c> does, through the framework's own formatter, but hands each line to the test.</summary>
internal sealed class LogCapture(Action<string> take) : ILoggerProvider
{
    private readonly ServiceProvider _services = new ServiceCollection().AddLogging(static logging => logging.AddJsonConsole()).BuildServiceProvider();
    private readonly Lock _gate = new();

    public ILogger CreateLogger(string categoryName) =>
        new Logger(categoryName, _services.GetServices<ConsoleFormatter>().Single(static formatter => formatter.Name == ConsoleFormatterNames.Json), Take);

    public void Dispose() => _services.Dispose();

    private void Take(string line)
    {
        lock (_gate)
        {
            take(line);
        }
    }

    private sealed class Logger(string category, ConsoleFormatter formatter, Action<string> take) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> text)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            using var writer = new StringWriter();
            formatter.Write(new LogEntry<TState>(logLevel, category, eventId, state, exception, text), scopeProvider: null, writer);
            take(writer.ToString());
        }
    }
}
