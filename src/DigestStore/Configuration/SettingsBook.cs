using System.Collections.Concurrent;
using DigestStore.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace DigestStore.Configuration;

// The journals of a container's stores, by name.
internal sealed class SettingsBook(IServiceProvider provider, Registrations registrations)
{
    private readonly ConcurrentDictionary<string, SettingsJournal> _byName = new(StringComparer.Ordinal);

    public SettingsJournal Of(string name) => _byName.GetOrAdd(
        name,
        static (name, book) => new SettingsJournal(new StoreLog(book.Logger()), () => SectionReader.Switch(book.ReadersOf(name))),
        this);

    // The host's own rules may come after the library's, and the options framework tells nobody what all of them said.
    public bool IsRefusedByOthers(string? name, DigestStoreOptions options)
    {
        try
        {
            return provider.GetServices<IValidateOptions<DigestStoreOptions>>().Any(rules => rules is not DigestStoreOptionsValidator && rules.Validate(name, options).Failed);
        }
        catch (Exception)
        {
            // Of a rule. The options framework runs it as well, and hands its exception on.
            return true;
        }
    }

    private IEnumerable<SectionReader> ReadersOf(string name) => registrations.ReadersOf(name);

    private ILogger Logger() => (provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger(StoreLog.Category);
}
