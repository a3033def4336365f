using System.Collections;
using DigestStore.Calls;
using DigestStore.DeadLetters;
using DigestStore.Storing;
using DigestStore.Testing;

namespace DigestStore.UnitTests.Storing;

/// <summary>The deadline covers what is done with a collection before anything is sent; the caller's thread only hands it over.</summary>
public sealed class PreparationTests
{
    private const int Many = 5_000;

    private readonly TableDouble _table = new();
    private readonly KeptLetters _letters = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_deadline_ends_the_looking_at_items()
    {
        // A millisecond for each item.
        var clock = new FixedClock();
        int looked = 0;
        List<DigestItem> items = Acting(Many, () =>
        {
            looked++;
            clock.Advance(TimeSpan.FromMilliseconds(1));
        });
        using DigestRepository repository = Repository(clock, sink: null);

        StoreResult result = await repository.StoreAsync(Some.Date, items, new StoreCallOptions { Deadline = TimeSpan.FromSeconds(2) }, Token);

        Assert.Equal((2_000, TimeSpan.FromSeconds(2)), (looked, result.Duration));
        Assert.Equal((StoreStatus.Failed, Many, Many, 0), (result.Status, result.Received, result.Failed, _table.Writes.Count));
        Assert.Equal(Many, result.Outcomes.Count);
        Assert.All(result.Problems, static problem => Assert.Equal(StoreProblemReason.DeadlineExceeded, problem.Reason));
        Assert.Equal((100, null), (result.Problems.Count, result.InputError));
        Assert.Equal(2_000, result.Quality.Items);
    }

    [Fact]
    public async Task The_end_of_the_call_by_its_caller_does_so_too()
    {
        using var caller = new CancellationTokenSource();
        int looked = 0;
        List<DigestItem> items = Acting(Many, () =>
        {
            if (++looked == 1_500)
            {
                caller.Cancel();
            }
        });
        using DigestRepository repository = Repository(new FixedClock(), _letters);

        StoreResult result = (await Assert.ThrowsAsync<DigestStoreCanceledException>(
            () => repository.StoreAsync(Some.Date, items, cancellationToken: caller.Token))).Result;

        Assert.Equal((Many, Many), (result.Failed, result.DeadLettered));
        Assert.Equal(Enumerable.Range(0, Many), _letters.Letters.Select(static letter => letter.Ordinal));
        Assert.All(_letters.Letters, static letter => Assert.Equal(StoreProblemReason.Canceled, letter.Reason));
    }

    [Fact]
    public async Task The_disposal_of_the_repository_does_so_too()
    {
        DigestRepository repository = Repository(new FixedClock(), _letters);
        int looked = 0;
        List<DigestItem> items = Acting(Many, () =>
        {
            if (++looked == 1_500)
            {
                repository.Dispose();
            }
        });

        StoreResult result = await repository.StoreAsync(Some.Date, items, cancellationToken: Token);

        Assert.Equal((Many, Many), (result.Failed, result.DeadLettered));
        Assert.All(_letters.Letters, static letter => Assert.Equal(StoreProblemReason.Disposed, letter.Reason));
    }

    [Fact]
    public async Task What_the_sink_is_given_of_items_that_nobody_had_looked_at_is_valid()
    {
        var clock = new FixedClock();
        List<DigestItem> items = [.. Acting(1_600, () => clock.Advance(TimeSpan.FromMilliseconds(1))), .. Some.Items(Many - 1_600, 1_600)];
        items[2_100] = null!;
        items[2_200] = items[2_200] with { Title = " " };
        using DigestRepository repository = Repository(clock, _letters);

        // A fifth of the deadline is the sink's.
        StoreResult result = await repository.StoreAsync(Some.Date, items, new StoreCallOptions { Deadline = TimeSpan.FromSeconds(2) }, Token);

        Assert.Equal((Many, Many - 2, 2), (result.Received, result.Failed, result.Rejected));
        Assert.Equal(
            [StoreProblemReason.ItemMissing, StoreProblemReason.TitleMissing],
            result.Quality.Defects.Keys.Order());
        Assert.Equal(_letters.Letters.Count, result.DeadLettered);
        Assert.Equal(Many - 2, result.DeadLettered);
        Assert.DoesNotContain(result.Problems, static problem => problem.Reason == StoreProblemReason.DeadLettersNotWritten);
    }

    [Fact]
    public async Task The_sink_s_time_bounds_how_many_of_them_it_is_given()
    {
        var clock = new FixedClock();
        const int count = 3 * DeadLetterWriter.MaxLettersPerWrite;
        List<DigestItem> items = Acting(count, () => clock.Advance(TimeSpan.FromMilliseconds(1)));
        using DigestRepository repository = Repository(clock, _letters);

        StoreResult result = await repository.StoreAsync(Some.Date, items, new StoreCallOptions { Deadline = TimeSpan.FromSeconds(2) }, Token);

        // 1.6 s for items that are to be stored, a fifth of it for others.
        Assert.Equal((count, 1_920, 1_920), (result.Failed, result.DeadLettered, _letters.Letters.Count));
        Assert.Contains(result.Problems, static problem => problem.Reason == StoreProblemReason.DeadLettersNotWritten);
    }

    [Theory]
    [InlineData(DisabledItems.Drop, 0)]
    [InlineData(DisabledItems.DeadLetter, Many)]
    public async Task A_store_that_is_switched_off_skips_all_of_them(DisabledItems whenDisabled, int letters)
    {
        DigestStoreOptions options = Some.Options(options => (options.Enabled, options.WhenDisabled) = (false, whenDisabled));
        using var repository = new DigestRepository(_table.ToSource(), () => options, new DigestStoreServices { TimeProvider = new FixedClock(), DeadLetters = _letters });

        StoreResult result = await repository.StoreAsync(Some.Date, Some.Items(Many), new StoreCallOptions { Deadline = TimeSpan.Zero }, Token);

        Assert.Equal((StoreStatus.Disabled, Many, letters), (result.Status, result.Skipped, result.DeadLettered));
        Assert.Empty(result.Problems);
    }

    [Fact]
    public async Task A_call_that_is_over_before_it_begins_still_judges_the_items_of_an_ordinary_digest()
    {
        using DigestRepository repository = Repository(new FixedClock(), sink: null);
        List<DigestItem> items = [null!, Some.Item(0), .. Some.Items(900)];

        StoreResult result = await repository.StoreAsync(Some.Date, items, new StoreCallOptions { Deadline = TimeSpan.Zero }, Token);

        Assert.Equal((902, 1, 1, 900), (result.Received, result.Rejected, result.Duplicates, result.Failed));
        Assert.Equal(Some.Id(1), result.Problems.Single(static problem => problem.Index == 3).Id);
    }

    [Fact]
    public async Task The_caller_is_not_held_while_items_are_looked_at()
    {
        using var release = new ManualResetEventSlim();
        using DigestRepository repository = Repository(new FixedClock(), sink: null);
        List<DigestItem> items = Acting(3, () => release.Wait(Token));

        Task<StoreResult> storing = repository.StoreAsync(Some.Date, items, cancellationToken: Token);

        Assert.False(storing.IsCompleted);
        release.Set();
        Assert.Equal(3, (await storing).Inserted);
    }

    [Fact]
    public async Task The_room_for_what_is_distinct_is_made_off_the_caller_s_thread()
    {
        // Of one item, since only the number counts.
        DigestItem[] items = new DigestItem[200_000];
        Array.Fill(items, Some.Item(0) with { Tags = new ActingList(static () => { }) });
        using DigestRepository repository = Repository(new FixedClock(), sink: null);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Task<StoreResult> storing = repository.StoreAsync(Some.Date, items, cancellationToken: Token);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // The copy of the references has 1.6 MB.
        Assert.InRange(allocated, 1_600_000, 3_000_000);
        Assert.Equal((1, items.Length - 1), ((await storing).Inserted, (await storing).Duplicates));
    }

    [Fact]
    public async Task An_item_that_blocks_is_left_behind_at_the_deadline_and_given_to_nobody_again()
    {
        using var release = new ManualResetEventSlim();
        var isBlocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var clock = new FixedClock();
        int blocked = 0;
        List<DigestItem> items = Some.Items(10);
        items[4] = items[4] with
        {
            Tags = new ActingList(() =>
            {
                Interlocked.Increment(ref blocked);
                isBlocked.TrySetResult();
                release.Wait(Token);
            }),
        };
        using DigestRepository repository = Repository(clock, _letters);
        Task<StoreResult> storing = repository.StoreAsync(Some.Date, items, cancellationToken: Token);
        await isBlocked.Task;

        clock.Advance(DigestStoreDefaults.Deadline);
        StoreResult result = await storing;
        release.Set();

        Assert.Equal((10, 10, 1), (result.Received, result.Failed, blocked));
        Assert.Equal([0, 1, 2, 3, 5, 6, 7, 8, 9], _letters.Letters.Select(static letter => letter.Ordinal));
        Assert.Contains(result.Problems, static problem => problem.Reason == StoreProblemReason.DeadLettersNotWritten);
    }

    [Fact]
    public async Task The_deadline_ends_the_comparing_too()
    {
        var clock = new FixedClock();
        using CallScope scope = Some.Scope(clock);
        _table.OnQuery = _ =>
        {
            clock.Advance(TimeSpan.FromSeconds(30));
            return null;
        };
        using DigestRepository repository = Repository(clock, sink: null);

        StoreResult result = await repository.StoreAsync(Some.Date, Some.Items(Many), new StoreCallOptions { Deadline = TimeSpan.FromSeconds(20) }, Token);

        Assert.Equal((Many, 0), (result.Failed, _table.Writes.Count));
    }

    [Fact]
    public async Task The_caller_may_change_its_list_and_its_items_lists_at_once()
    {
        List<string> tags = ["one", "two"];
        string[] more = ["one", "two"];
        var metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["name"] = "value" };
        List<DigestItem> items = [Some.Item(0) with { Tags = tags }, Some.Item(1) with { Tags = more, Metadata = metadata }, .. Some.Items(100, 2)];
        using DigestRepository repository = Repository(new FixedClock(), sink: null);

        Task<StoreResult> storing = repository.StoreAsync(Some.Date, items, cancellationToken: Token);
        items.Clear();
        tags.Clear();
        more[0] = "changed";
        metadata["name"] = "changed";

        Assert.Equal(102, (await storing).Inserted);
        Digest digest = await repository.GetAsync(Some.Date, Token);
        Assert.Equal(["one", "two"], digest[0].Item.Tags);
        Assert.Equal(["one", "two"], digest[1].Item.Tags);
        Assert.Equal("value", digest[1].Item.Metadata["name"]);
    }

    [Fact]
    public void A_snapshot_copies_up_to_its_bound_and_runs_no_code_of_the_caller_s()
    {
        string[] half = new string[ItemSnapshot.MaxEntries / 2];
        var own = new ActingList(static () => throw new InvalidTimeZoneException());
        List<DigestItem?> items =
        [
            Some.Item(0) with { Tags = half },
            Some.Item(1) with { Tags = own },
            null,
            Some.Item(2) with { Tags = half },
            Some.Item(3) with { Tags = (string[])["last"] },
        ];
        DigestItem?[] before = [.. items];

        ItemSnapshot.Take(items);

        Assert.NotSame(half, items[0]!.Tags);
        Assert.Same(before[1], items[1]);
        Assert.Null(items[2]);
        Assert.Same(half, items[3]!.Tags);
        Assert.Equal(before[4], items[4]);
        Assert.NotSame(before[4], items[4]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_a_snapshot_cannot_copy_stays_beside_what_it_copies(bool copiesTags)
    {
        IReadOnlyList<string> tags = copiesTags ? ["tag"] : new List<string> { "tag" }.AsReadOnly();
        Dictionary<string, string> entries = new() { ["key"] = "value" };
        IReadOnlyDictionary<string, string> metadata = copiesTags ? entries.AsReadOnly() : entries;
        List<DigestItem?> items = [Some.Item() with { Tags = copiesTags ? (string[])[.. tags] : tags, Metadata = metadata }];
        DigestItem before = items[0]!;

        ItemSnapshot.Take(items);

        Assert.NotSame(before, items[0]);
        Assert.Equal((copiesTags, !copiesTags), (!ReferenceEquals(before.Tags, items[0]!.Tags), !ReferenceEquals(before.Metadata, items[0]!.Metadata)));
        Assert.Equal(before, items[0]);
    }

    private DigestRepository Repository(TimeProvider time, IDeadLetterSink? sink)
    {
        DigestStoreOptions options = Some.Options();
        return new DigestRepository(_table.ToSource(), () => options, new DigestStoreServices { TimeProvider = time, DeadLetters = sink });
    }

    private static List<DigestItem> Acting(int count, Action whenLookedAt)
    {
        var tags = new ActingList(whenLookedAt);
        return Some.Items(count).ConvertAll(item => item with { Tags = tags });
    }
}
