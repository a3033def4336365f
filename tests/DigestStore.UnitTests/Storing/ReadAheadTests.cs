using System.Collections;
using DigestStore.DynamoDb;
using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.UnitTests.Storing;

/// <summary>The first page of the day is asked for as soon as there are more items than would be looked up, not when the last has been looked at.</summary>
public sealed class ReadAheadTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly TableDouble _table = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ReadAheadTests() => _table.OnQuery = _ =>
    {
        _asked.TrySetResult();
        return null;
    };

    [Fact]
    public async Task The_page_is_on_its_way_while_items_are_looked_at()
    {
        using DigestRepository repository = Some.Repository(_table);
        bool wasAsked = false;
        List<DigestItem> items = WithTagsOfLast(60, () => wasAsked = _asked.Task.Wait(Long, Token));

        StoreResult result = await repository.StoreAsync(Some.Date, items, cancellationToken: Token);

        Assert.True(wasAsked);
        Assert.Equal((60, 5, 1), (result.Inserted, result.Cost.Requests, _table.Queries.Count));
    }

    [Fact]
    public async Task Copies_and_what_is_rejected_do_not_make_many()
    {
        using DigestRepository repository = Some.Repository(_table);
        List<DigestItem> items = [.. Some.Items(25), .. Some.Items(25), .. Enumerable.Repeat(new DigestItem { Url = "no url", Title = "x" }, 25)];

        StoreResult result = await repository.StoreAsync(Some.Date, items, cancellationToken: Token);

        Assert.Equal((25, 25, 25), (result.Inserted, result.Duplicates, result.Rejected));
        Assert.Equal((0, 1), (_table.Queries.Count, _table.Lookups.Count));
    }

    [Theory]
    [InlineData(DisabledItems.Drop)]
    [InlineData(DisabledItems.DeadLetter)]
    public async Task A_store_that_is_switched_off_asks_nothing(DisabledItems whenDisabled)
    {
        using DigestRepository repository = Some.Repository(_table, options => (options.Enabled, options.WhenDisabled) = (false, whenDisabled));

        StoreResult result = await repository.StoreAsync(Some.Date, Some.Items(60), cancellationToken: Token);

        Assert.Equal((60, 0), (result.Skipped, _table.Requests));
    }

    [Fact]
    public async Task A_call_that_ends_while_items_are_looked_at_leaves_no_request_behind()
    {
        using var caller = new CancellationTokenSource();
        var abandoned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var table = new Unanswering(_asked, abandoned);
        using DigestRepository repository = Over(table);
        List<DigestItem> items = WithTagsOfLast(60, () =>
        {
            _asked.Task.Wait(Long, Token);
            caller.Cancel();
        });

        DigestStoreCanceledException canceled = await Assert.ThrowsAsync<DigestStoreCanceledException>(
            () => repository.StoreAsync(Some.Date, items, cancellationToken: caller.Token));

        await abandoned.Task.WaitAsync(Long, Token);
        Assert.Equal((60, 1), (canceled.Result.Failed, canceled.Result.Cost.Requests));
        Assert.All(canceled.Result.Problems, static problem => Assert.Equal(StoreProblemReason.Canceled, problem.Reason));
    }

    // The only failure of an item's lists that is not its outcome: the process itself is at its end.
    [Fact]
    public async Task A_call_that_breaks_while_items_are_looked_at_leaves_no_request_behind()
    {
        var abandoned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var table = new Unanswering(_asked, abandoned);
        using DigestRepository repository = Over(table);
        List<DigestItem> items = WithTagsOfLast(60, () =>
        {
            _asked.Task.Wait(Long, Token);
            throw new InsufficientExecutionStackException();
        });

        await Assert.ThrowsAsync<InsufficientExecutionStackException>(() => repository.StoreAsync(Some.Date, items, cancellationToken: Token));

        await abandoned.Task.WaitAsync(Long, Token);
        Assert.Equal(1, table.Asked);
    }

    private static DigestRepository Over(Unanswering table)
    {
        DigestStoreOptions options = Some.Options();
        return new DigestRepository(table, () => options, new DigestStoreServices { TimeProvider = new FixedClock() });
    }

    private static List<DigestItem> WithTagsOfLast(int count, Action whenRead)
    {
        List<DigestItem> items = Some.Items(count);
        items[^1] = items[^1] with { Tags = new TellingList(whenRead) };
        return items;
    }

    private sealed class TellingList(Action whenRead) : IReadOnlyList<string>
    {
        public int Count
        {
            get
            {
                whenRead();
                return 0;
            }
        }

        public string this[int index] => throw new ArgumentOutOfRangeException(nameof(index));

        public IEnumerator<string> GetEnumerator() => Enumerable.Empty<string>().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    // Its answer comes only when it is not wanted any more.
    private sealed class Unanswering(TaskCompletionSource asked, TaskCompletionSource abandoned) : IDigestTable, ITableSource
    {
        public int Asked { get; private set; }

        public IDigestTable Open(DigestStoreOptions options) => this;

        public async Task<PageReply> QueryAsync(PageRequest request, Attempt attempt)
        {
            Asked++;
            asked.TrySetResult();
            var ended = new TaskCompletionSource();
            await using (attempt.Token.Register(() =>
            {
                abandoned.TrySetResult();
                ended.TrySetCanceled(attempt.Token);
            }))
            {
                await ended.Task;
            }

            throw new InvalidOperationException("Never reached.");
        }

        public Task<LookupReply> LookupAsync(LookupRequest request, Attempt attempt) => throw new NotSupportedException();

        public Task<WriteReply> WriteAsync(WriteBatch batch, Attempt attempt) => throw new NotSupportedException();

        public Task<UpdateReply> UpdateAsync(RecordUpdate update, Attempt attempt) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
