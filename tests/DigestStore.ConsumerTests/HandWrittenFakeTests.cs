using DigestStore;

namespace ConsumerTests;

/// <summary>A consumer can write a fake without the library's own: every type can be constructed.</summary>
public sealed class HandWrittenFakeTests
{
    [Fact]
    public async Task A_job_runs_on_a_hand_written_fake()
    {
        List<string> sent = [];
        var job = new EmailJob(new ListRepository(), sent.Add);

        StoreResult result = await job.RunAsync(Some.Day, [Some.Link("one"), Some.Link("two", "https://example.org/b"), Some.Link("bad", "/relative")], TestContext.Current.CancellationToken);

        Assert.Equal(["one, two, bad"], sent);
        Assert.Equal([DigestItemOutcome.Inserted, DigestItemOutcome.Inserted, DigestItemOutcome.Rejected], result.Outcomes);
        Assert.Equal("one, two", await job.YesterdayAsync(Some.Day.AddDays(1), TestContext.Current.CancellationToken));
        Assert.Equal("nothing yesterday", await job.YesterdayAsync(Some.Day, TestContext.Current.CancellationToken));
    }

    private sealed class ListRepository : IDigestRepository
    {
        private readonly List<StoredDigestItem> _items = [];

        public Task<StoreResult> StoreAsync(DateOnly date, IEnumerable<DigestItem> items, StoreCallOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(StoreResult.Create(items.Select(item => Store(date, item)), new StoreResultDetails { CorrelationId = options?.CorrelationId ?? "fake" }));

        public async Task<StoreResult> StoreAsync(DateOnly date, IAsyncEnumerable<DigestItem> items, StoreCallOptions? options = null, CancellationToken cancellationToken = default) =>
            await StoreAsync(date, await items.ToListAsync(cancellationToken), options, cancellationToken);

        public Task<Digest> GetAsync(DateOnly date, CancellationToken cancellationToken = default) =>
            Task.FromResult(new Digest(date, _items.Where(stored => stored.Date == date)));

        public IAsyncEnumerable<StoredDigestItem> ReadAsync(DateOnly date, CancellationToken cancellationToken = default) =>
            _items.Where(stored => stored.Date == date).OrderBy(stored => stored.Id).ToAsyncEnumerable();

        public Task<StoredDigestItem?> FindAsync(DateOnly date, string url, CancellationToken cancellationToken = default) =>
            FindAsync(date, DigestItemId.Create(url), cancellationToken);

        public Task<StoredDigestItem?> FindAsync(DateOnly date, DigestItemId id, CancellationToken cancellationToken = default) =>
            Task.FromResult(_items.Find(stored => stored.Date == date && stored.Id == id));

        public Task<bool> DeleteAsync(DateOnly date, string url, CancellationToken cancellationToken = default) =>
            DeleteAsync(date, DigestItemId.Create(url), cancellationToken);

        public Task<bool> DeleteAsync(DateOnly date, DigestItemId id, CancellationToken cancellationToken = default) =>
            Task.FromResult(_items.RemoveAll(stored => stored.Date == date && stored.Id == id) > 0);

        private DigestItemOutcome Store(DateOnly date, DigestItem item)
        {
            if (!DigestItemId.TryCreate(item.Url, out DigestItemId id))
            {
                return DigestItemOutcome.Rejected;
            }

            _items.Add(Some.Stored(item, ordinal: _items.Count) with { Id = id, Date = date });
            return DigestItemOutcome.Inserted;
        }
    }
}
