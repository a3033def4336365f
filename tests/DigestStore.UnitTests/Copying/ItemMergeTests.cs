using Amazon.DynamoDBv2.Model;
using DigestStore.Day;
using DigestStore.Records;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.UnitTests.Copying;

// What becomes of items and of what stores wrote, when the target has the day too.
public sealed class ItemMergeTests
{
    private readonly CopyDesk _desk = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Items_of_both_sides_are_merged_by_their_ids_and_the_newer_revision_stays()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(3));
        await _desk.CopyAsync();
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        await CopyDesk.StoreAsync(_desk.To, [Some.Item(0) with { Title = "newer at the target" }, Some.Item(9)]);
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        await CopyDesk.StoreAsync(_desk.From, [Some.Item(1) with { Title = "newer at the source" }, Some.Item(8)]);

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Kept, DigestCopyKept.NewerItems, 4, 2, 1), (day.Outcome, day.KeptBecause, day.Items, day.ItemsCopied, day.ItemsKept));
        Digest digest = await _desk.To.GetAsync(Some.Date, Token);
        Assert.Equal(
            ["Item 2", "Item 8", "Item 9", "newer at the source", "newer at the target"],
            digest.Select(static item => item.Item.Title).Order(StringComparer.Ordinal));
        Assert.Equal(5, CopyDesk.Header(_desk.Target).Number(N.NextOrdinal));
    }

    [Fact]
    public async Task Of_two_changes_that_neither_side_knows_of_the_target_keeps_its_own_unless_it_is_the_older_one_in_every_respect()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        await _desk.CopyAsync();
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        await CopyDesk.StoreAsync(_desk.From, [Some.Item(0) with { Title = "source" }]);
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        await CopyDesk.StoreAsync(_desk.To, [Some.Item(0) with { Title = "target" }]);

        Assert.Equal(1, (await _desk.CopyDayAsync()).ItemsKept);
        Assert.Equal("target", CopyDesk.Item(_desk.Target, 0).Text(N.Title));

        // The source has one revision more now, and is newer.
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        await CopyDesk.StoreAsync(_desk.From, [Some.Item(0) with { Title = "source again" }]);
        Assert.Equal(1, (await _desk.CopyDayAsync()).ItemsCopied);
        Assert.Equal("source again", CopyDesk.Item(_desk.Target, 0).Text(N.Title));
    }

    [Fact]
    public async Task Of_two_records_of_the_same_revision_the_one_that_lives_longer_stays()
    {
        await CopyDesk.StoreAsync(Some.Repository(_desk.Source, static options => options.Retention = TimeSpan.FromDays(10), _desk.Clock), Some.Items(2));
        await _desk.CopyAsync();
        await CopyDesk.StoreAsync(Some.Repository(_desk.Target, static options => options.Retention = TimeSpan.FromDays(20), _desk.Clock), [Some.Item(0)]);
        await CopyDesk.StoreAsync(Some.Repository(_desk.Source, static options => options.Retention = null, _desk.Clock), [Some.Item(1)]);

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((1, 1), (day.ItemsCopied, day.ItemsKept));
        Assert.True(CopyDesk.Item(_desk.Target, 0).Number(N.ExpiresAt) > CopyDesk.Item(_desk.Source, 0).Number(N.ExpiresAt));
        Assert.Null(CopyDesk.Item(_desk.Target, 1).Number(N.ExpiresAt));
        Assert.Null(CopyDesk.Header(_desk.Target).Number(N.ExpiresAt));
    }

    [Theory]
    [InlineData(true, DigestCopyOutcome.Kept, "Item 0")]
    [InlineData(false, DigestCopyOutcome.Copied, "Item 0")]
    public async Task A_damaged_record_never_replaces_a_readable_one(bool isDamagedAtSource, DigestCopyOutcome outcome, string title)
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(1));
        await _desk.CopyAsync();
        CopyDesk.Put(isDamagedAtSource ? _desk.Source : _desk.Target, RecordKeys.Item(Some.Id(0)), N.Title, new AttributeValue { N = "1" });

        Assert.Equal(outcome, (await _desk.CopyDayAsync()).Outcome);
        Assert.Equal(title, CopyDesk.Item(_desk.Target, 0).Text(N.Title));
    }

    [Fact]
    public async Task A_damaged_record_arrives_as_it_is_when_the_target_has_none()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(1));
        CopyDesk.Put(_desk.Source, RecordKeys.Item(Some.Id(0)), N.Title, new AttributeValue { N = "1" });

        Assert.Equal(DigestCopyOutcome.Copied, (await _desk.CopyDayAsync()).Outcome);
        _desk.AssertEqual();
    }

    [Fact]
    public async Task A_day_of_two_sets_of_identity_rules_is_marked_before_its_items_come()
    {
        await CopyDesk.StoreAsync(Some.Repository(_desk.Target, static options => options.Identity.DropWww = false, _desk.Clock), Some.Items(1, from: 7));
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        _desk.Target.OnWrite = _ =>
        {
            Assert.Equal(MixedDay.Fingerprint, CopyDesk.Header(_desk.Target).Text(N.IdRules));
            return null;
        };

        Assert.Equal(DigestCopyOutcome.Copied, (await _desk.CopyDayAsync()).Outcome);
        Assert.Equal(DigestCopyOutcome.AlreadyEqual, (await _desk.CopyDayAsync()).Outcome);
        Assert.Equal(3, (await _desk.To.GetAsync(Some.Date, Token)).Count);
    }

    [Fact]
    public async Task Items_without_a_header_at_the_target_have_unknown_rules_and_so_mark_the_day()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        await CopyDesk.StoreAsync(_desk.To, Some.Items(1, from: 7));
        _desk.Target.Storage.With("digests", CopyDesk.PartitionKey, static records => records.Remove("HEADER"));

        Assert.Equal(DigestCopyOutcome.Copied, (await _desk.CopyDayAsync()).Outcome);
        Assert.Equal(MixedDay.Fingerprint, CopyDesk.Header(_desk.Target).Text(N.IdRules));
    }

    [Theory]
    [InlineData("source", "HEADER")]
    [InlineData("source", "ITEM")]
    [InlineData("source", "MANIFEST")]
    [InlineData("target", "HEADER")]
    [InlineData("target", "ITEM")]
    [InlineData("target", "MANIFEST")]
    public async Task A_record_of_a_newer_version_on_either_side_keeps_its_whole_day_from_being_copied(string side, string record)
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        await CopyDesk.DeliverAsync(_desk.From, Some.Items(2));
        string sortKey = record == "ITEM" ? RecordKeys.Item(Some.Id(0)) : record == "MANIFEST" ? RecordKeys.Manifest(Some.Date) : record;
        CopyDesk.Put(side == "source" ? _desk.Source : _desk.Target, sortKey, N.Version, new AttributeValue { N = "2" }, record == "MANIFEST" ? "SENT#daily" : null);
        int before = CopyDesk.Records(_desk.Target).Count;

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Failed, DigestStoreErrorReason.NewerSchema, 0), (day.Outcome, day.Error, day.ItemsCopied));
        Assert.Contains("Nothing of 2026-11-21 was copied, because 1 of its records cannot be read. A newer version of DigestStore wrote", day.Message, StringComparison.Ordinal);
        Assert.Equal(before, CopyDesk.Records(_desk.Target).Count);
        Assert.Empty(_desk.Target.Updates);
    }

    [Fact]
    public async Task An_item_that_is_replaced_keeps_what_another_program_has_put_into_it_at_the_target()
    {
        await CopyDesk.StoreAsync(_desk.From, [Some.Item(0) with { Summary = "goes" }]);
        await _desk.CopyAsync();
        CopyDesk.Put(_desk.Target, RecordKeys.Item(Some.Id(0)), "theirs", new AttributeValue { S = "stays" });
        Assert.Equal(DigestCopyOutcome.AlreadyEqual, (await _desk.CopyDayAsync()).Outcome);
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        await CopyDesk.StoreAsync(_desk.From, [Some.Item(0) with { Title = "new", Summary = null }]);

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Copied, 1), (day.Outcome, day.ItemsCopied));
        StoredRecord item = CopyDesk.Item(_desk.Target, 0);
        Assert.Equal(("new", null, "stays"), (item.Text(N.Title), item.Text(N.Summary), item.Text("theirs")));
        Assert.Equal(DigestCopyOutcome.AlreadyEqual, (await _desk.CopyDayAsync()).Outcome);
    }
}
