using System.Runtime.CompilerServices;
using DigestStore;

namespace EmailDigest.Tests.Support;

/// <summary>A repository that answers as told.</summary>
internal sealed class FakeRepository : IDigestRepository
{
    public Func<IReadOnlyList<DigestItem>, StoreCallOptions?, StoreResult> Store { get; init; } = (items, _) => All(items, DigestItemOutcome.Inserted);

    public Func<DateOnly, IReadOnlyList<DigestItem>, Digest> Get { get; init; } = (date, items) => new Digest(date, Stored(date, items));

    public Func<CancellationToken, Task> Before { get; init; } = _ => Task.CompletedTask;

    public IReadOnlyList<DigestItem> Received { get; private set; } = [];

    public static StoreResult All(IReadOnlyList<DigestItem> items, DigestItemOutcome outcome, params IReadOnlyList<StoreProblem> problems) =>
        StoreResult.Create(items.Select(_ => outcome), new StoreResultDetails { Problems = problems, Cost = new StoreCost { Requests = 3, WriteUnits = 4.5, ReadUnits = 0.5 } });

    public static IEnumerable<StoredDigestItem> Stored(DateOnly date, IEnumerable<DigestItem> items)
    {
        int ordinal = 0;
        foreach (DigestItem item in items)
        {
            if (DigestItemId.TryCreate(item.Url, out DigestItemId id))
            {
                yield return new StoredDigestItem
                {
                    Id = id,
                    Date = date,
                    Item = item,
                    CanonicalUrl = item.Url,
                    CreatedAt = DateTimeOffset.UnixEpoch,
                    UpdatedAt = DateTimeOffset.UnixEpoch,
                    Ordinal = ordinal++,
                };
            }
        }
    }

    public async Task<StoreResult> StoreAsync(DateOnly date, IEnumerable<DigestItem> items, StoreCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        await Before(cancellationToken);
        Received = [.. items];
        return Store(Received, options);
    }

    public async Task<StoreResult> StoreAsync(DateOnly date, IAsyncEnumerable<DigestItem> items, StoreCallOptions? options = null, CancellationToken cancellationToken = default) =>
        await StoreAsync(date, await items.ToListAsync(cancellationToken), options, cancellationToken);

    public Task<Digest> GetAsync(DateOnly date, CancellationToken cancellationToken = default) => Task.FromResult(Get(date, Received));

    public async IAsyncEnumerable<StoredDigestItem> ReadAsync(DateOnly date, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (StoredDigestItem item in await GetAsync(date, cancellationToken))
        {
            yield return item;
        }
    }

    public Task<StoredDigestItem?> FindAsync(DateOnly date, string url, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<StoredDigestItem?> FindAsync(DateOnly date, DigestItemId id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<bool> DeleteAsync(DateOnly date, string url, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<bool> DeleteAsync(DateOnly date, DigestItemId id, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
