using DigestStore.Doctor;
using DigestStore.Records;
using DigestStore.Table;

namespace DigestStore.UnitTests.Storing;

/// <summary>A later copy of the same page in one store: what the outcomes of both say must be true of the table.</summary>
public sealed class LaterCopyTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private readonly TableDouble _table = new();

    [Fact]
    public async Task A_claim_ends_when_a_later_copy_may_be_stored()
    {
        AppliedAndCut("new");

        StoreResult result = await StreamAsync([A("old"), .. Some.Items(6, from: 1), A("new")]);

        Assert.Equal("new", Title());
        Assert.Equal((DigestItemOutcome.Duplicate, DigestItemOutcome.Failed), (result.Outcomes[0], result.Outcomes[7]));
        Assert.Equal(StoreProblemReason.OutcomeUnknown, Assert.Single(result.Problems, static problem => problem.Index == 7).Reason);
        Assert.Equal((1, StoreStatus.PartiallyStored), (result.Quality.Duplicates, result.Status));
    }

    [Fact]
    public async Task A_claim_stays_when_the_later_copy_is_known_not_to_be_stored()
    {
        _table.OnWrite = static batch => batch.Puts.Any(static put => put.Content.Item.Title == "new") ? Answer(batch, FaultKind.Throttled, 400) : null;

        StoreResult result = await StreamAsync([A("old"), .. Some.Items(6, from: 1), A("new")]);

        Assert.Equal("old", Title());
        Assert.Equal((DigestItemOutcome.Inserted, DigestItemOutcome.Failed), (result.Outcomes[0], result.Outcomes[7]));
        Assert.Equal(StoreProblemReason.Throttled, Assert.Single(result.Problems, static problem => problem.Index == 7).Reason);
    }

    [Fact]
    public async Task The_copy_after_one_that_may_be_stored_tells_of_the_insertion()
    {
        AppliedAndCut("new", thenRefused: true);

        StoreResult result = await StreamAsync([A("old"), .. Some.Items(3, from: 1), A("new"), .. Some.Items(3, from: 4), A("newest")]);

        Assert.Equal("newest", Title());
        Assert.Equal([DigestItemOutcome.Duplicate, DigestItemOutcome.Failed, DigestItemOutcome.Inserted], [result.Outcomes[0], result.Outcomes[4], result.Outcomes[8]]);
        Assert.Equal((7, 1, 1, 0), (result.Inserted, result.Duplicates, result.Failed, result.Updated));
    }

    [Fact]
    public async Task An_update_is_told_by_the_copy_that_finds_it_there()
    {
        await Some.Repository(_table).StoreAsync(Some.Date, [A("there")], cancellationToken: Cancel);
        AppliedAndCut("new", thenRefused: true);

        StoreResult result = await StreamAsync([A("old"), .. Some.Items(3, from: 1), A("new"), .. Some.Items(3, from: 4), A("new")]);

        Assert.Equal([DigestItemOutcome.Duplicate, DigestItemOutcome.Failed, DigestItemOutcome.Updated], [result.Outcomes[0], result.Outcomes[4], result.Outcomes[8]]);
    }

    [Fact]
    public async Task A_claim_ends_also_when_the_library_breaks_after_a_later_copy_was_sent()
    {
        _table.OnWriteAsync = (batch, _) => batch.Puts.Any(static put => put.Content.Item.Title == "new") ? BreakAsync(batch) : null;

        StoreResult result = await StreamAsync([A("old"), .. Some.Items(3, from: 1), A("new")]);

        Assert.Equal("new", Title());
        Assert.Equal((DigestItemOutcome.Duplicate, DigestItemOutcome.Failed), (result.Outcomes[0], result.Outcomes[4]));
        Assert.Equal(StoreProblemReason.OutcomeUnknown, Assert.Single(result.Problems, static problem => problem.Index == 4).Reason);

        // An answer that breaks the library itself, after the table has taken the batch.
        async Task<WriteReply> BreakAsync(WriteBatch batch)
        {
            await _table.WriteThroughAsync(batch);
            return new WriteReply { Sent = batch.Puts.Count, Unprocessed = null! };
        }
    }

    [Fact]
    public async Task A_copy_after_one_that_may_be_stored_is_compared_with_what_the_table_has_now()
    {
        await Some.Repository(_table).StoreAsync(Some.Date, [A("there")], cancellationToken: Cancel);
        AppliedAndCut("changed", thenRefused: true);

        StoreResult result = await StreamAsync([A("changed"), .. Some.Items(3, from: 1), A("there")]);

        Assert.Equal("there", Title());
        Assert.Equal((DigestItemOutcome.Failed, DigestItemOutcome.Updated), (result.Outcomes[0], result.Outcomes[4]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_later_copy_that_turns_out_too_large_takes_no_place(bool isStream)
    {
        await Some.Repository(_table).StoreAsync(Some.Date, [A("there")], cancellationToken: Cancel);
        _table.Storage.With("digests", Some.Partition.Key, static records => records[RecordKeys.Item(Some.Id(0))]["note"] = ItemMapper.Text(new string('x', 300_000)));
        DigestItem[] items = [A("first"), A("second"), A("large") with { Summary = new string('y', 200_000) }, A("larger") with { Summary = new string('z', 210_000) }];

        StoreResult result = isStream ? await StreamAsync(items) : await Some.Repository(_table).StoreAsync(Some.Date, items, cancellationToken: Cancel);

        Assert.Equal("second", Title());
        Assert.Equal([DigestItemOutcome.Duplicate, DigestItemOutcome.Updated, DigestItemOutcome.Rejected, DigestItemOutcome.Rejected], result.Outcomes);
        Assert.Equal((StoreStatus.Stored, 1, 1), (result.Status, result.Quality.Duplicates, result.Duplicates));
        Assert.All(result.Problems, static problem => Assert.Equal(StoreProblemReason.ItemTooLarge, problem.Reason));
    }

    [Fact]
    public async Task When_every_copy_is_too_large_each_is_rejected_and_the_record_stays()
    {
        await Some.Repository(_table).StoreAsync(Some.Date, [A("there")], cancellationToken: Cancel);
        _table.Storage.With("digests", Some.Partition.Key, static records => records[RecordKeys.Item(Some.Id(0))]["note"] = ItemMapper.Text(new string('x', 300_000)));
        string large = new('y', 200_000);

        StoreResult result = await Some.Repository(_table).StoreAsync(Some.Date, [A("one") with { Summary = large }, A("two") with { Summary = large }], cancellationToken: Cancel);

        Assert.Equal("there", Title());
        Assert.Equal([DigestItemOutcome.Rejected, DigestItemOutcome.Rejected], result.Outcomes);
    }

    private static DigestItem A(string title) => Some.Item(0) with { Title = title };

    // Windows of four items, one batch of one item at a time. The clock runs by itself over back-offs alone: a window of a slow stream that
    // is closed after a second must not move it to the deadline.
    private Task<StoreResult> StreamAsync(IEnumerable<DigestItem> items) => Some.Repository(
        _table,
        static options =>
        {
            (options.BatchSize, options.MaxConcurrency) = (1, 1);
            options.RetryDelay = options.ThrottleDelay = options.MaxRetryDelay = TimeSpan.FromMilliseconds(10);
        },
        new FixedClock { Hurry = TimeSpan.FromMilliseconds(500) }).StoreAsync(Some.Date, Some.Stream(items), cancellationToken: Cancel);

    // The table takes the copy of this title, but the connection is cut; each further send meets the same end, or is refused as invalid.
    private void AppliedAndCut(string title, bool thenRefused = false)
    {
        int sends = 0;
        _table.OnWriteAsync = (batch, _) => batch.Puts.Any(put => put.Content.Item.Title == title) ? CutAsync(batch) : null;

        async Task<WriteReply> CutAsync(WriteBatch batch)
        {
            if (sends++ > 0 && thenRefused)
            {
                return Answer(batch, FaultKind.Invalid, 400);
            }

            await _table.WriteThroughAsync(batch);
            return Answer(batch, FaultKind.Unavailable, 0);
        }
    }

    private static WriteReply Answer(WriteBatch batch, FaultKind kind, int status) => new() { Sent = batch.Puts.Count, Fault = Some.Fault(kind, status) };

    private string Title() => _table.Storage.With("digests", Some.Partition.Key, static records => records[RecordKeys.Item(Some.Id(0))][AttributeNames.Title].S);
}
