using System.Security.Cryptography;

namespace DigestStore.Testing;

// What one run of a clause uses: a digest name that no other run uses, a clock, and repositories over the storage of the subject.
internal sealed partial class ContractRun(ContractClause clause, ContractSubject subject, CancellationToken cancellationToken) : IAsyncDisposable
{
    public static readonly DateOnly Day = new(2100, 3, 4);

    private readonly List<IDigestRepository> _repositories = [];

    public ContractClock Clock { get; } = new();

    public CancellationToken CancellationToken { get; } = cancellationToken;

    public string DigestName { get; } = "contract-" + RandomNumberGenerator.GetHexString(16, lowercase: true);

    // Set when the function of the subject threw. That does not break the clause: the exception may be the way in which a test framework skips
    // a test, for example.
    public Exception? SubjectError { get; private set; }

    public IDigestRepository Repository(Action<DigestStoreOptions>? configure = null)
    {
        // The deadlines are long, so that a slow engine or a slow machine does not look like a broken promise.
        var options = new DigestStoreOptions
        {
            DigestName = DigestName,
            Deadline = TimeSpan.FromMinutes(5),
            ReadDeadline = TimeSpan.FromMinutes(1),
            AttemptTimeout = TimeSpan.FromMinutes(1),
        };
        configure?.Invoke(options);
        try
        {
            IDigestRepository repository = subject.CreateRepository(options, Clock);
            _repositories.Add(repository);
            return repository;
        }
        catch (Exception exception)
        {
            SubjectError = exception;
            throw;
        }
    }

    // The delivery of a repository over the same storage. A clause that asks for it does not apply to a subject without one.
    public IDigestDelivery Delivery(Action<DigestStoreOptions>? configure = null) => DeliveryOf(Repository(configure));

    public IDigestDelivery DeliveryOf(IDigestRepository repository) => subject.DeliveryOf(repository) ?? throw new MissingCapabilityException();

    public IDigestHistory HistoryOf(IDigestRepository repository) => subject.HistoryOf(repository) ?? throw new MissingCapabilityException();

    public async Task<StoreResult> StoreAsync(IDigestRepository repository, DateOnly date, params DigestItem[] items)
    {
        StoreResult result = await repository.StoreAsync(date, items, cancellationToken: CancellationToken).ConfigureAwait(false);
        Equal(items.Length, result.Received, "Received");
        return CheckInvariants(result);
    }

    public Task<StoreResult> StoreAsync(IDigestRepository repository, params DigestItem[] items) => StoreAsync(repository, Day, items);

    public async Task<StoreResult> StoreStreamAsync(IDigestRepository repository, IEnumerable<DigestItem> items) =>
        CheckInvariants(await repository.StoreAsync(Day, Samples.Stream(items), cancellationToken: CancellationToken).ConfigureAwait(false));

    public Task<Digest> GetAsync(IDigestRepository repository, DateOnly? date = null) =>
        repository.GetAsync(date ?? Day, CancellationToken);

    public async Task<List<StoredDigestItem>> ReadAsync(IDigestRepository repository, DateOnly? date = null)
    {
        List<StoredDigestItem> items = [];
        await foreach (StoredDigestItem item in repository.ReadAsync(date ?? Day, CancellationToken).ConfigureAwait(false))
        {
            items.Add(item);
        }

        return items;
    }

    public Task<StoredDigestItem?> FindAsync(IDigestRepository repository, string url) => repository.FindAsync(Day, url, CancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (IDigestRepository repository in _repositories)
        {
            if (repository is IAsyncDisposable asyncDisposable)
            {
                await asyncDisposable.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                (repository as IDisposable)?.Dispose();
            }
        }
    }
}
