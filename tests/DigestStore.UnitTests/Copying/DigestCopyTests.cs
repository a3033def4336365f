using System.Text;
using Amazon.DynamoDBv2.Model;
using DigestStore.Records;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.UnitTests.Copying;

// What arrives at a target that has nothing of the day, and what a second copy does.
public sealed class DigestCopyTests
{
    private readonly CopyDesk _desk = new();

    [Fact]
    public async Task A_delivered_day_arrives_with_every_attribute_of_every_record()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(30));
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        await CopyDesk.StoreAsync(_desk.From, [Some.Item(3) with { Title = "changed", Tags = ["a", "b"], Metadata = new Dictionary<string, string> { ["k"] = "v" } }]);
        await CopyDesk.DeliverAsync(_desk.From, Some.Items(30));
        CopyDesk.Put(_desk.Source, RecordKeys.Item(Some.Id(3)), "their own", new AttributeValue { M = new() { ["n"] = new() { NS = ["1", "2"] }, ["b"] = new() { B = new MemoryStream([1, 2]) } } });
        CopyDesk.Put(_desk.Source, "HEADER", "their.own", new AttributeValue { BOOL = false });
        CopyDesk.Put(_desk.Source, RecordKeys.Manifest(Some.Date), "theirOwn", new AttributeValue { L = [new() { NULL = true }] }, "SENT#daily");

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal(new DigestCopyDay { Date = Some.Date, Outcome = DigestCopyOutcome.Copied, Items = 30, ItemsCopied = 30, Status = DeliveryStatus.Delivered }, day);
        _desk.AssertEqual();
        Assert.Equal((2, "changed"), ((int)CopyDesk.Item(_desk.Target, 3).Number(N.Revision)!, CopyDesk.Item(_desk.Target, 3).Text(N.Title)));
        Assert.Equal(30, (await _desk.To.GetAsync(Some.Date, TestContext.Current.CancellationToken)).Count);
        Assert.Equal(DeliveryOutcome.AlreadyDelivered, (await CopyDesk.DeliverAsync(_desk.To, Some.Items(1))).Outcome);
        Assert.Equal(30, (await _desk.To.FindSentAsync(Some.Date.AddDays(1), [.. Some.Items(30).Select(static item => item.Url)], 5, TestContext.Current.CancellationToken)).Sent.Count);
    }

    [Fact]
    public async Task What_was_sent_is_written_before_the_header_and_the_header_before_the_items()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(2));
        await CopyDesk.DeliverAsync(_desk.From, Some.Items(2));
        _desk.Target.OnWrite = _ =>
        {
            Assert.Equal([RecordKeys.Sent("daily"), CopyDesk.PartitionKey], _desk.Target.Updates.Select(static update => update.Key.PartitionKey));
            return null;
        };

        Assert.Equal(DigestCopyOutcome.Copied, (await _desk.CopyDayAsync()).Outcome);
        Assert.Single(_desk.Target.Writes);
    }

    [Fact]
    public async Task A_second_copy_reads_both_sides_and_writes_nothing()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(30));
        await CopyDesk.DeliverAsync(_desk.From, Some.Items(30));
        DigestCopyResult first = await _desk.CopyAsync();

        DigestCopyResult second = await _desk.CopyAsync();

        Assert.Equal((1, 1), (first.Copied, second.AlreadyEqual));
        Assert.Equal((2, 2, 0d), (second.SourceCost.Requests, second.TargetCost.Requests, second.TargetCost.WriteUnits));

        // Two reads before, the manifest, the header, two batches, and two reads after.
        Assert.Equal((2, 8), (first.SourceCost.Requests, first.TargetCost.Requests));
        Assert.True(first.TargetCost is { WriteUnits: > 30, ReadUnits: > 0, Retries: 0 });
        Assert.True(first.SourceCost is { WriteUnits: 0, ReadUnits: > 0 });
    }

    [Fact]
    public async Task Only_what_has_changed_is_written_by_the_next_copy()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(60));
        await _desk.CopyAsync();
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        await CopyDesk.StoreAsync(_desk.From, [Some.Item(5) with { Summary = "new" }, Some.Item(70)]);

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Copied, 61, 2), (day.Outcome, day.Items, day.ItemsCopied));
        _desk.AssertEqual();
    }

    [Fact]
    public async Task Dates_without_records_are_counted_and_take_no_request_at_the_target()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(1), day: 4);

        DigestCopyResult result = await _desk.CopyAsync(days: 10);

        Assert.Equal((10, 9, 0, 1, true), (result.Dates, result.DatesWithoutRecords, result.DatesLeft, result.Copied, result.IsComplete));
        Assert.Equal(Some.Date.AddDays(4), Assert.Single(result.Days).Date);
        Assert.All(_desk.Target.Queries, static query => Assert.True(query.PartitionKey == RecordKeys.Partition("daily", Some.Date.AddDays(4)) || query.From == RecordKeys.Date(Some.Date.AddDays(4))));
    }

    [Fact]
    public async Task A_day_of_which_only_the_manifest_is_left_is_remembered_at_the_target()
    {
        await CopyDesk.DeliverAsync(_desk.From, Some.Items(3));
        _desk.Source.Storage.With("digests", CopyDesk.PartitionKey, static records =>
        {
            records.Clear();
            return 0;
        });

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Copied, 0, null), (day.Outcome, day.Items, day.Status));
        _desk.AssertEqual();
    }

    [Fact]
    public async Task A_day_that_has_lost_its_header_arrives_without_one()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(3));
        _desk.Source.Storage.With("digests", CopyDesk.PartitionKey, static records => records.Remove("HEADER"));

        Assert.Equal(DigestCopyOutcome.Copied, (await _desk.CopyDayAsync()).Outcome);
        _desk.AssertEqual();
    }

    [Fact]
    public async Task A_manifest_in_several_parts_arrives_whole_with_its_first_part_last()
    {
        DigestItem[] items = [.. Some.Items(24_500)];
        await CopyDesk.DeliverAsync(_desk.From, items);

        Assert.Equal(DigestCopyOutcome.Copied, (await _desk.CopyDayAsync()).Outcome);

        _desk.AssertEqual();
        Assert.Equal(["2026-11-21#2", "2026-11-21", "HEADER"], _desk.Target.Updates.Select(static update => update.Key.SortKey));
        Assert.Equal(DigestCopyOutcome.AlreadyEqual, (await _desk.CopyDayAsync()).Outcome);
    }

    [Fact]
    public async Task Records_of_other_programs_arrive_too()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(1));
        CopyDesk.Put(_desk.Source, "NOTE#1", "text", new AttributeValue { S = "theirs" });
        CopyDesk.Put(_desk.Source, "NOTE#2", "pk", new AttributeValue { S = CopyDesk.PartitionKey });
        CopyDesk.Put(_desk.Source, "NOTE#3", "text", new AttributeValue { S = "theirs" });
        CopyDesk.Put(_desk.Target, "NOTE#3", "text", new AttributeValue { S = "the target's" });

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Kept, DigestCopyKept.NewerItems, 4, 3, 1), (day.Outcome, day.KeptBecause, day.Items, day.ItemsCopied, day.ItemsKept));
        Assert.Equal("theirs", CopyDesk.Records(_desk.Target)[$"{CopyDesk.PartitionKey} NOTE#1"].Text("text"));
        Assert.Equal("the target's", CopyDesk.Records(_desk.Target)[$"{CopyDesk.PartitionKey} NOTE#3"].Text("text"));
        Assert.True(CopyDesk.Records(_desk.Target).ContainsKey($"{CopyDesk.PartitionKey} NOTE#2"));
    }

    [Fact]
    public async Task Records_that_have_expired_are_left_out()
    {
        DigestRepository from = Some.Repository(_desk.Source, static options => options.Retention = TimeSpan.FromDays(2), _desk.Clock);
        await CopyDesk.StoreAsync(from, Some.Items(3));
        _desk.Clock.Advance(TimeSpan.FromDays(1));
        await CopyDesk.StoreAsync(from, Some.Items(1, from: 3));
        _desk.Clock.Advance(TimeSpan.FromDays(1.5));

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Copied, 1, 1), (day.Outcome, day.Items, day.ItemsCopied));
        Assert.Equal(CopyDesk.Item(_desk.Source, 3).Number(N.ExpiresAt), CopyDesk.Item(_desk.Target, 3).Number(N.ExpiresAt));
        Assert.Equal(2, CopyDesk.Records(_desk.Target).Count);

        _desk.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, (await _desk.CopyAsync()).DatesWithoutRecords);
    }

    [Fact]
    public async Task Large_records_are_sent_in_requests_that_the_target_accepts()
    {
        DigestItem[] items = [.. Some.Items(20).Select(static item => item with { Summary = new string('ü', 150_000) })];
        await CopyDesk.StoreAsync(_desk.From, items);

        DigestCopyDay day = await _desk.CopyDayAsync();

        Assert.Equal((DigestCopyOutcome.Copied, 20), (day.Outcome, day.ItemsCopied));
        Assert.All(_desk.Target.Writes, static batch => Assert.True(batch.Puts.Sum(put => WireSize.Of(((ItemCopy)put).Record)) <= Schema.MaxRequestBytes));
        _desk.AssertEqual();
    }

    [Fact]
    public async Task A_comparison_writes_nothing_and_tells_what_is_missing()
    {
        await CopyDesk.StoreAsync(_desk.From, Some.Items(3));
        await CopyDesk.StoreAsync(_desk.From, Some.Items(3), day: 1);
        await DigestCopy.RunAsync(_desk.From, _desk.To, Some.Date.AddDays(1), Some.Date.AddDays(1), cancellationToken: TestContext.Current.CancellationToken);
        int writes = _desk.Target.Writes.Count + _desk.Target.Updates.Count;

        DigestCopyResult result = await _desk.CopyAsync(days: 2, new DigestCopyOptions { VerifyOnly = true });

        Assert.Equal([DigestCopyOutcome.Different, DigestCopyOutcome.AlreadyEqual], result.Days.Select(static day => day.Outcome));
        Assert.Equal((1, 0, false), (result.Different, result.ItemsCopied, result.IsComplete));
        Assert.Equal(writes, _desk.Target.Writes.Count + _desk.Target.Updates.Count);
    }

    [Fact]
    public async Task Another_notation_of_a_number_and_another_order_of_a_set_are_no_difference()
    {
        CopyDesk.Put(_desk.Source, "NOTE", "n", new AttributeValue { N = "1.50" });
        CopyDesk.Put(_desk.Target, "NOTE", "n", new AttributeValue { N = "1.5" });
        CopyDesk.Put(_desk.Source, "NOTE", "s", new AttributeValue { SS = ["a", "b"] });
        CopyDesk.Put(_desk.Target, "NOTE", "s", new AttributeValue { SS = ["b", "a"] });
        CopyDesk.Put(_desk.Source, "NOTE", "b", new AttributeValue { B = new MemoryStream(Encoding.UTF8.GetBytes("x")) });
        CopyDesk.Put(_desk.Target, "NOTE", "b", new AttributeValue { B = new MemoryStream(Encoding.UTF8.GetBytes("x")) });

        Assert.Equal(DigestCopyOutcome.AlreadyEqual, (await _desk.CopyDayAsync()).Outcome);

        CopyDesk.Put(_desk.Target, "NOTE", "n", new AttributeValue { S = "1.5" });
        Assert.Equal((DigestCopyOutcome.Kept, 1), (await _desk.CopyDayAsync()) is var day ? (day.Outcome, day.ItemsKept) : default);
    }
}
