namespace DigestStore.UnitTests.DeadLetters;

// What a host puts around the store: it passes everything on, and counts the stores.
internal class RepositoryDecorator(IDigestRepository inner) : IDigestRepository
{
    public int Stores { get; private set; }

    public Task<StoreResult> StoreAsync(DateOnly date, IEnumerable<DigestItem> items, StoreCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        Stores++;
        return inner.StoreAsync(date, items, options, cancellationToken);
    }

    public Task<StoreResult> StoreAsync(DateOnly date, IAsyncEnumerable<DigestItem> items, StoreCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        Stores++;
        return inner.StoreAsync(date, items, options, cancellationToken);
    }

    public Task<Digest> GetAsync(DateOnly date, CancellationToken cancellationToken = default) => inner.GetAsync(date, cancellationToken);

    public IAsyncEnumerable<StoredDigestItem> ReadAsync(DateOnly date, CancellationToken cancellationToken = default) => inner.ReadAsync(date, cancellationToken);

    public Task<StoredDigestItem?> FindAsync(DateOnly date, string url, CancellationToken cancellationToken = default) => inner.FindAsync(date, url, cancellationToken);

    public Task<StoredDigestItem?> FindAsync(DateOnly date, DigestItemId id, CancellationToken cancellationToken = default) => inner.FindAsync(date, id, cancellationToken);

    public Task<bool> DeleteAsync(DateOnly date, string url, CancellationToken cancellationToken = default) => inner.DeleteAsync(date, url, cancellationToken);

    public Task<bool> DeleteAsync(DateOnly date, DigestItemId id, CancellationToken cancellationToken = default) => inner.DeleteAsync(date, id, cancellationToken);
}
