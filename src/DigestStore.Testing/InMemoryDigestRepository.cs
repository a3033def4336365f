using DigestStore.Configuration;
using DigestStore.DeadLetters;
using DigestStore.DynamoDb;
using DigestStore.Health;
using DigestStore.Storing;
using DigestStore.Table;

namespace DigestStore.Testing;

/// <summary>A repository without a database: the library's own pipeline over records in memory.</summary>
/// <remarks>
/// It validates, deduplicates, compares, writes in batches and reads as <see cref="DigestRepository"/> does, and its table refuses what
/// DynamoDB refuses: the same key twice in a batch, more than 25 writes or 100 keys, records over 400 KB, requests over 16 MB and
/// empty keys. Queries come in pages of 1 MB. Safe for concurrent use. After its disposal it behaves as a disposed
/// <see cref="DigestRepository"/> does.
/// </remarks>
public sealed partial class InMemoryDigestRepository : IDigestRepository, IDigestDelivery, IReplayTarget, IProbeTarget, IDisposable, IAsyncDisposable
{
    private readonly DigestRepository _repository;

    /// <summary>Makes a repository.</summary>
    /// <param name="options">The settings, copied; <see langword="null"/> for the defaults.</param>
    /// <param name="storage">The records to share; <see langword="null"/> for new, empty ones.</param>
    /// <param name="services">The clock, the logger, the dead-letter sink and the meters to use; <see langword="null"/> for none of them, and the system's clock.</param>
    /// <exception cref="ArgumentException"><paramref name="options"/> are invalid; the message names value, rule and remedy.</exception>
    public InMemoryDigestRepository(DigestStoreOptions? options = null, InMemoryDigestStorage? storage = null, DigestStoreServices? services = null)
        : this(DigestRepository.ValidatedCopy(options ?? new DigestStoreOptions()), storage ?? new InMemoryDigestStorage(), services)
    {
    }

    internal InMemoryDigestRepository(Func<DigestStoreOptions> options, InMemoryDigestStorage storage, DigestStoreServices? services, SettingsHistory? history = null)
    {
        Storage = storage;
        _repository = new DigestRepository(new InMemoryTableSource(storage, Faults), () => ApplyDisabledFault(options()), services, history);
    }

    /// <summary>What goes wrong in this repository's table; nothing, until you script it.</summary>
    public InMemoryFaults Faults { get; } = new();

    /// <summary>The records behind this repository.</summary>
    public InMemoryDigestStorage Storage { get; }

    /// <inheritdoc/>
    public Task<StoreResult> StoreAsync(DateOnly date, IEnumerable<DigestItem> items, StoreCallOptions? options = null, CancellationToken cancellationToken = default) =>
        _repository.StoreAsync(date, items, options, cancellationToken);

    /// <inheritdoc/>
    public Task<StoreResult> StoreAsync(DateOnly date, IAsyncEnumerable<DigestItem> items, StoreCallOptions? options = null, CancellationToken cancellationToken = default) =>
        _repository.StoreAsync(date, items, options, cancellationToken);

    /// <inheritdoc/>
    public Task<Digest> GetAsync(DateOnly date, CancellationToken cancellationToken = default) => _repository.GetAsync(date, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredDigestItem> ReadAsync(DateOnly date, CancellationToken cancellationToken = default) => _repository.ReadAsync(date, cancellationToken);

    /// <inheritdoc/>
    public Task<StoredDigestItem?> FindAsync(DateOnly date, string url, CancellationToken cancellationToken = default) => _repository.FindAsync(date, url, cancellationToken);

    /// <inheritdoc/>
    public Task<StoredDigestItem?> FindAsync(DateOnly date, DigestItemId id, CancellationToken cancellationToken = default) => _repository.FindAsync(date, id, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(DateOnly date, string url, CancellationToken cancellationToken = default) => _repository.DeleteAsync(date, url, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(DateOnly date, DigestItemId id, CancellationToken cancellationToken = default) => _repository.DeleteAsync(date, id, cancellationToken);

    /// <inheritdoc/>
    public Task<DeliveryResult> DeliverAsync(
        DateOnly date, IReadOnlyCollection<DigestItem> items, Func<DeliveryAttempt, CancellationToken, Task<DeliveryReceipt>> send, DeliveryOptions? options = null, CancellationToken cancellationToken = default) =>
        _repository.DeliverAsync(date, items, send, options, cancellationToken);

    /// <inheritdoc/>
    public Task<DeliveryLease> AcquireAsync(DateOnly date, DeliveryOptions? options = null, CancellationToken cancellationToken = default) => _repository.AcquireAsync(date, options, cancellationToken);

    /// <inheritdoc/>
    public Task<DeliveryChange> AnnounceAsync(DeliveryLease lease, IReadOnlyCollection<DigestItem> items, CancellationToken cancellationToken = default) =>
        _repository.AnnounceAsync(lease, items, cancellationToken);

    /// <inheritdoc/>
    public Task<DeliveryChange> RenewAsync(DeliveryLease lease, string? checkpoint = null, CancellationToken cancellationToken = default) => _repository.RenewAsync(lease, checkpoint, cancellationToken);

    /// <inheritdoc/>
    public Task<DeliveryChange> CompleteAsync(DeliveryLease lease, DeliveryReceipt receipt, CancellationToken cancellationToken = default) =>
        _repository.CompleteAsync(lease, receipt, cancellationToken);

    /// <inheritdoc/>
    public Task<DeliveryChange> FailAsync(DeliveryLease lease, DeliveryFailure failure, CancellationToken cancellationToken = default) => _repository.FailAsync(lease, failure, cancellationToken);

    /// <inheritdoc/>
    public Task<DeliveryState?> GetDeliveryAsync(DateOnly date, CancellationToken cancellationToken = default) => _repository.GetDeliveryAsync(date, cancellationToken);

    /// <inheritdoc/>
    public Task<DeliveryChange> ResolveAsync(DateOnly date, DeliveryResolution resolution, CancellationToken cancellationToken = default) =>
        _repository.ResolveAsync(date, resolution, cancellationToken);

    /// <summary>Ends the repository; the records stay in <see cref="Storage"/>.</summary>
    public void Dispose() => _repository.Dispose();

    /// <summary>Ends the repository as <see cref="Dispose"/> does, and waits until the store calls that are running have ended, for two seconds at most.</summary>
    /// <returns>A task that ends with the last store call, or after two seconds.</returns>
    public ValueTask DisposeAsync() => _repository.DisposeAsync();

    ReplayScope IReplayTarget.ReplayScope() => ((IReplayTarget)_repository).ReplayScope();

    void IReplayTarget.ThrowIfDisposed() => ((IReplayTarget)_repository).ThrowIfDisposed();

    Task<IReadOnlyList<ReplayedFate>> IReplayTarget.ReplayAsync(DateOnly date, IReadOnlyList<ReplayedLetter> letters, CancellationToken cancellationToken) =>
        ((IReplayTarget)_repository).ReplayAsync(date, letters, cancellationToken);

    Task<SettledDeadLetter> IReplayTarget.ReplayDeliveryAsync(DeadLetter letter, CancellationToken cancellationToken) =>
        ((IReplayTarget)_repository).ReplayDeliveryAsync(letter, cancellationToken);

    Task IProbeTarget.ProbeAsync(DateOnly date, CancellationToken cancellationToken) => ((IProbeTarget)_repository).ProbeAsync(date, cancellationToken);

    private DigestStoreOptions ApplyDisabledFault(DigestStoreOptions options)
    {
        if (!Faults.IsDisabled)
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

        public void Dispose()
        {
        }
    }
}
