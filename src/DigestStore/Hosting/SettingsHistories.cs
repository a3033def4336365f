using System.Collections.Concurrent;
using DigestStore.Configuration;
using DigestStore.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DigestStore.Hosting;

// The settings histories of the stores of one container, by the name of the store.
internal sealed class SettingsHistories(IServiceProvider provider, Registrations registrations)
{
    private readonly ConcurrentDictionary<string, SettingsHistory> _byName = new(StringComparer.Ordinal);

    public SettingsHistory Of(string name) => _byName.GetOrAdd(
        name,
        static (name, histories) => new SettingsHistory(new StoreLog(histories.Logger()), () => SectionReader.EnabledIn(histories.ReadersOf(name))),
        this);

    private IEnumerable<SectionReader> ReadersOf(string name) => registrations.ReadersOf(name);

    private ILogger Logger() => (provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger(StoreLog.Category);
}
