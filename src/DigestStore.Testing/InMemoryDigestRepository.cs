using DigestStore.Configuration;
using DigestStore.DynamoDb;
using DigestStore.Table;

namespace DigestStore.Testing;

/// <summary>A repository without a database: the library's own pipeline over records in memory.</summary>
/// <remarks>
/// It validates, deduplicates, compares, writes in batches and reads as <see cref="DigestRepository"/> does, and its table refuses what
/// DynamoDB refuses: the same key twice in a batch, more than 25 writes or 100 keys, records over 400 KB, requests over 16 MB and
/// empty keys. Queries come in pages of 1 MB. After its disposal the records stay in <see cref="Storage"/>.
/// </remarks>
public sealed class InMemoryDigestRepository : DigestRepositoryBase
{
    /// <summary>Makes a repository.</summary>
    /// <param name="options">The settings, copied; <see langword="null"/> for the defaults.</param>
    /// <param name="storage">The records to share; <see langword="null"/> for new, empty ones.</param>
    /// <param name="services">The clock, the logger, the dead-letter sink and the meters to use; <see langword="null"/> for none of them, and the system's clock.</param>
    /// <exception cref="ArgumentException"><paramref name="options"/> are invalid; the message names value, rule and remedy.</exception>
    public InMemoryDigestRepository(DigestStoreOptions? options = null, InMemoryDigestStorage? storage = null, DigestStoreServices? services = null)
        : this(ValidatedCopy(options ?? new DigestStoreOptions()), storage ?? new InMemoryDigestStorage(), services)
    {
    }

    internal InMemoryDigestRepository(Func<DigestStoreOptions> options, InMemoryDigestStorage storage, DigestStoreServices? services, SettingsHistory? history = null)
        : this(options, storage, new InMemoryFaults(), services, history)
    {
    }

    private InMemoryDigestRepository(Func<DigestStoreOptions> options, InMemoryDigestStorage storage, InMemoryFaults faults, DigestStoreServices? services, SettingsHistory? history)
        : base(new InMemoryTableSource(storage, faults), () => ApplyDisabledFault(options(), faults), services, history) => (Storage, Faults) = (storage, faults);

    /// <summary>What goes wrong in this repository's table; nothing, until you script it.</summary>
    public InMemoryFaults Faults { get; }

    /// <summary>The records behind this repository.</summary>
    public InMemoryDigestStorage Storage { get; }

    private static DigestStoreOptions ApplyDisabledFault(DigestStoreOptions options, InMemoryFaults faults)
    {
        if (!faults.IsDisabled)
        {
            return options;
        }

        DigestStoreOptions off = options.Copy();
        off.Enabled = false;
        return off;
    }

    private sealed class InMemoryTableSource(InMemoryDigestStorage storage, InMemoryFaults faults) : ITableSource
    {
        private readonly FaultyTable _table = new(new InMemoryTable(storage), faults);

        public IDigestTable Open(DigestStoreOptions options) => _table;

        public object PlaceOf(DigestStoreOptions options) => storage;

        public void Dispose()
        {
        }
    }
}
