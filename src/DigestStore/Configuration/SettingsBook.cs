using System.Collections.Concurrent;
using DigestStore.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DigestStore.Configuration;

// The journals of a container's stores, by name.
internal sealed class SettingsBook(IServiceProvider provider, Registrations registrations)
{
    private readonly ConcurrentDictionary<string, SettingsJournal> _byName = new(StringComparer.Ordinal);

    public SettingsJournal Of(string name) => _byName.GetOrAdd(
        name,
        static (name, book) => new SettingsJournal(new StoreLog(book.Logger()), () => SectionReader.Switch(book.ReadersOf(name))),
        this);

    private IEnumerable<SectionReader> ReadersOf(string name) => registrations.ReadersOf(name);

    private ILogger Logger() => (provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger(StoreLog.Category);
}
