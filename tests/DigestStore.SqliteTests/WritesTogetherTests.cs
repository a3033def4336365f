using DigestStore.Records;
using DigestStore.Sqlite;
using DigestStore.Table;
using Microsoft.Data.Sqlite;

namespace DigestStore.SqliteTests;

/// <summary>How much of what a store writes it hands over at once, so that it is one transaction.</summary>
public sealed class WritesTogetherTests : IDisposable
{
    private readonly TemporaryFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task A_store_of_a_thousand_items_is_one_transaction_and_one_more_for_its_header()
    {
        int commits = await StoreWhileBlockedAsync(count: 1_000, summaryLength: 10, batchSize: 25, together: 40);

        Assert.Equal(2, commits);
    }

    [Fact]
    public Task No_more_than_64_batches_wait_at_once() => StoreWhileBlockedAsync(count: 80, summaryLength: 10, batchSize: 1, together: 64);

    // A record has less than 400 KB, and 10 of them have less than 4 MB.
    [Fact]
    public Task No_more_than_4_MB_wait_at_once() => StoreWhileBlockedAsync(count: 50, summaryLength: 402_000, batchSize: 1, together: 10);

    // Another program has the lock until so many batches wait. Tells how many transactions there are then.
    private async Task<int> StoreWhileBlockedAsync(int count, int summaryLength, int batchSize, int together)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using var source = new CountingSource(new SqliteTableSource(_file.Path), together);
        await using var repository = new DigestRepository(source, () => new DigestStoreOptions { BatchSize = batchSize, Deadline = TimeSpan.FromMinutes(5), AttemptTimeout = TimeSpan.FromMinutes(2) });
        await repository.StoreAsync(TableRig.Date.AddDays(-1), [TableRig.Item(1)], cancellationToken: token);
        string summary = new('s', summaryLength);
        using SqliteConnection other = TableRig.OpenElsewhere(_file.Path);
        other.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        other.Execute("BEGIN IMMEDIATE");

        Task<StoreResult> store = repository.StoreAsync(TableRig.Date, [.. Enumerable.Range(0, count).Select(number => TableRig.Item(number, summary))], cancellationToken: token);
        await source.AllWait.WaitAsync(TimeSpan.FromMinutes(1), token);
        other.Execute("ROLLBACK");

        Assert.Equal(count, (await store).Inserted);
        Assert.Equal(together, source.Most);
        return WalLog.Commits(_file.Log);
    }

    // Counts the writes that are under way.
    private sealed class CountingSource(SqliteTableSource source, int together) : ITableSource, IDigestTable
    {
        private readonly TaskCompletionSource _allWait = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _lock = new();
        private IDigestTable? _table;
        private int _underWay;

        public Task AllWait => _allWait.Task;

        public int Most { get; private set; }

        public bool WritesTogether => _table!.WritesTogether;

        public IDigestTable Open(DigestStoreOptions options)
        {
            _table = source.Open(options);
            return this;
        }

        public Task<PageReply> QueryAsync(PageRequest request, Attempt attempt) => _table!.QueryAsync(request, attempt);

        public Task<LookupReply> LookupAsync(LookupRequest request, Attempt attempt) => _table!.LookupAsync(request, attempt);

        public Task<UpdateReply> UpdateAsync(RecordUpdate update, Attempt attempt) => _table!.UpdateAsync(update, attempt);

        public async Task<WriteReply> WriteAsync(WriteBatch batch, Attempt attempt)
        {
            Task<WriteReply> reply = _table!.WriteAsync(batch, attempt);
            Count(1);
            try
            {
                return await reply;
            }
            finally
            {
                Count(-1);
            }
        }

        public void Dispose() => source.Dispose();

        private void Count(int change)
        {
            lock (_lock)
            {
                _underWay += change;
                Most = Math.Max(Most, _underWay);
                if (_underWay == together)
                {
                    _allWait.TrySetResult();
                }
            }
        }
    }
}
