namespace DigestStore.UnitTests.Health;

// A consumer's own repository, of which only finding by id is scripted.
internal sealed class RepositoryDouble(Func<CancellationToken, Task<StoredDigestItem?>> find) : IDigestRepository
{
    private int _calls;

    public int Calls => Volatile.Read(ref _calls);

    public Task<StoredDigestItem?> FindAsync(DateOnly date, DigestItemId id, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _calls);
        return find(cancellationToken);
    }

    public Task<StoreResult> StoreAsync(DateOnly date, IEnumerable<DigestItem> items, StoreCallOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<StoreResult> StoreAsync(DateOnly date, IAsyncEnumerable<DigestItem> items, StoreCallOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<Digest> GetAsync(DateOnly date, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public IAsyncEnumerable<StoredDigestItem> ReadAsync(DateOnly date, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<StoredDigestItem?> FindAsync(DateOnly date, string url, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<bool> DeleteAsync(DateOnly date, string url, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<bool> DeleteAsync(DateOnly date, DigestItemId id, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
