using DigestStore.Day;
using DigestStore.Records;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.UnitTests.Storing;

// What a store costs in requests, and what it finds out for them.
public sealed class StoredStateTests
{
    [Theory]
    [InlineData(1, 0, 1, 1)]
    [InlineData(25, 0, 1, 1)]
    [InlineData(26, 1, 0, 2)]
    [InlineData(200, 1, 0, 8)]
    public async Task A_first_store_takes_one_read_the_full_batches_and_one_header(int items, int queries, int lookups, int writes)
    {
        var table = new TableDouble();

        StoreResult result = await Some.Repository(table).StoreAsync(Some.Date, Some.Items(items));

        Assert.Equal((queries, lookups, writes, 1), (table.Queries.Count, table.Lookups.Count, table.Writes.Count, table.Updates.Count));
        Assert.Equal((items, table.Requests, 0), (result.Inserted, result.Cost.Requests, result.Cost.Retries));
        Assert.All(table.Queries, static query => Assert.True(query.Consistent));
        Assert.All(table.Lookups, static lookup => Assert.True(lookup.Consistent && lookup.WithHeader));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(200)]
    public async Task A_second_store_of_the_same_writes_no_item(int items)
    {
        var table = new TableDouble();
        await Some.Repository(table).StoreAsync(Some.Date, Some.Items(items));
        int before = table.Requests;
        table.Writes.Clear();

        StoreResult result = await Some.Repository(table).StoreAsync(Some.Date, Some.Items(items));

        Assert.Empty(table.Writes);
        Assert.Equal((items, 2), (result.Unchanged, result.Cost.Requests));
        Assert.True(before > 2);
    }

    [Fact]
    public async Task Nothing_to_store_asks_nothing()
    {
        var table = new TableDouble();

        StoreResult result = await Some.Repository(table).StoreAsync(Some.Date, [null!, Some.Item() with { Title = "" }]);

        Assert.Equal((0, 2), (table.Requests, result.Rejected));
    }

    [Fact]
    public async Task A_day_a_little_larger_than_a_page_is_read_on()
    {
        var table = new TableDouble();
        List<DigestItem> day = await LargeDayAsync(table, 600);

        StoreResult result = await Some.Repository(table).StoreAsync(Some.Date, day);

        Assert.Equal((600, 0), (result.Unchanged, result.Inserted));
        Assert.InRange(table.Queries.Count, 3, 4);
        Assert.Empty(table.Lookups);
        Assert.All(table.Queries, static query => Assert.True(query.Consistent));
    }

    [Fact]
    public async Task What_the_pages_of_a_day_do_not_have_is_new()
    {
        var table = new TableDouble();
        List<DigestItem> day = await LargeDayAsync(table, 600);
        List<DigestItem> others = [.. Some.Items(900).Skip(600)];

        StoreResult result = await Some.Repository(table).StoreAsync(Some.Date, [.. day, .. others]);

        Assert.Equal((600, 300), (result.Unchanged, result.Inserted));
        Assert.Empty(table.Lookups);
    }

    [Fact]
    public async Task Few_items_beyond_the_first_page_of_a_large_day_are_looked_up_100_keys_at_a_time()
    {
        var table = new TableDouble();
        List<DigestItem> day = await LargeDayAsync(table, 2_000);

        StoreResult result = await Some.Repository(table).StoreAsync(Some.Date, day.Take(200));

        Assert.Equal(200, result.Unchanged);
        Assert.Single(table.Queries);
        int beyond = table.Lookups.Sum(static lookup => lookup.ItemKeys.Count);
        Assert.InRange(beyond, 100, 200);
        Assert.Equal((beyond + 99) / 100, table.Lookups.Count);
        Assert.All(table.Lookups, static lookup => Assert.True(lookup.Keys.Count <= 100 && !lookup.WithHeader));
    }

    [Fact]
    public async Task A_day_that_turns_out_longer_than_it_seemed_is_looked_up_from_there()
    {
        var table = new TableDouble();
        List<DigestItem> day = await LargeDayAsync(table, 600);
        List<string> keys = table.Storage.With("digests", Some.Partition.Key, static records => records.Keys.ToList());
        int asked = 0;

        // From the second on, pages of three records.
        table.OnQuery = request => asked++ == 0 ? null : Task.FromResult(table.Storage.With(
            "digests",
            Some.Partition.Key,
            records =>
            {
                List<string> page = [.. keys.SkipWhile(key => string.CompareOrdinal(key, request.After) <= 0).Take(3)];
                return new PageReply { Items = [.. page.Select(key => Record(key, records[key]))], Next = page[^1] };
            }));

        StoreResult result = await Some.Repository(table).StoreAsync(Some.Date, day);

        Assert.Equal(600, result.Unchanged);
        Assert.InRange(table.Queries.Count, 3, 5);
        Assert.InRange(table.Lookups.Count, 3, 4);
    }

    [Fact]
    public async Task A_further_page_that_cannot_be_read_leaves_all_unwritten()
    {
        var table = new TableDouble();
        List<DigestItem> day = await LargeDayAsync(table, 600);
        table.OnQuery = static request => request.After is null ? null : Task.FromResult(new PageReply { Fault = Some.Fault(FaultKind.AccessDenied, 400) });
        table.Writes.Clear();

        StoreResult result = await Some.Repository(table).StoreAsync(Some.Date, day);

        Assert.Equal((StoreStatus.Failed, 600), (result.Status, result.Failed));
        Assert.Empty(table.Writes);
        Assert.Contains("Query", result.Problems[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 2, 500, 1_000, true)]
    [InlineData(1, 10, 1_000, 9_000, true)]
    [InlineData(1, 10, 1_000, 2_000, false)]
    [InlineData(1, 2, 1_000, 200, false)]
    [InlineData(1, 2, 100, 100, true)]
    [InlineData(1, 20, 3, 50, false)]
    public void Pages_are_read_while_they_take_fewer_requests_and_units(int pages, int ofPages, int itemsRead, int unknown, bool isCheaper)
    {
        DigestItemId last = DigestItemId.Parse((UInt128.MaxValue / (UInt128)ofPages * (UInt128)pages).ToString("x32", System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(isCheaper, RemainingPages.AreCheaper(last, pages, itemsRead, unknown));
    }

    [Fact]
    public void Of_a_page_that_tells_nothing_none_follows()
    {
        Assert.False(RemainingPages.AreCheaper(default, 1, 100, 10_000));
        Assert.False(RemainingPages.AreCheaper(Some.Id(0), 1, 0, 10_000));
    }

    [Fact]
    public async Task Few_items_of_a_large_day_cost_one_lookup()
    {
        var table = new TableDouble();
        await Some.Repository(table).StoreAsync(Some.Date, Some.Items(400).Select(static item => item with { Summary = new string('x', 5_000) }));
        table.Queries.Clear();
        table.Lookups.Clear();

        await Some.Repository(table).StoreAsync(Some.Date, Some.Items(3));

        Assert.Empty(table.Queries);
        Assert.Single(table.Lookups);
    }

    [Fact]
    public async Task Unprocessed_keys_are_asked_for_again_and_only_they()
    {
        var table = new TableDouble();
        await Some.Repository(table).StoreAsync(Some.Date, Some.Items(10));
        table.Lookups.Clear();
        int asked = 0;
        table.OnLookup = request => asked++ == 0
            ? Task.FromResult(new LookupReply { KeyCount = 11, Unprocessed = [request.Keys[0], .. request.ItemKeys.Skip(4)] })
            : null;

        StoreResult result = await Some.Repository(table).StoreAsync(Some.Date, Some.Items(10));

        Assert.Equal([10, 6], table.Lookups.Select(static lookup => lookup.ItemKeys.Count));
        Assert.Equal(4, result.Inserted);
        Assert.Equal(6, result.Unchanged);
    }

    // Without the header's nextOrdinal the new items would come first.
    [Fact]
    public async Task A_partial_answer_loses_no_header()
    {
        var table = new TableDouble();
        await Some.Repository(table).StoreAsync(Some.Date, Some.Items(10));
        int asked = 0;
        table.OnLookup = request => asked++ == 0
            ? Task.FromResult(new LookupReply { KeyCount = 6, Records = [new StoredRecord(request.Keys[0], new() { [N.IdRules] = ItemMapper.Text("1"), [N.NextOrdinal] = ItemMapper.Number(10) })], Unprocessed = [.. request.Keys.Skip(2)] })
            : null;

        StoreResult result = await Some.Repository(table).StoreAsync(Some.Date, Some.Items(5, from: 10));

        Assert.Equal(5, result.Inserted);
        Assert.Equal(Enumerable.Range(0, 15).Select(static number => (number, $"Item {number}")), (await Some.Repository(table).GetAsync(Some.Date)).Select(static stored => (stored.Ordinal, stored.Item.Title)));
        Assert.Equal("1", table.Updates.Last().ValueOf(N.IdRules)?.Text);
    }

    [Fact]
    public async Task Keys_that_stay_unprocessed_leave_the_compare_undone_and_nothing_written()
    {
        var table = new TableDouble
        {
            OnLookup = static request => Task.FromResult(new LookupReply { KeyCount = request.Keys.Count, Unprocessed = request.Keys }),
        };

        StoreResult result = await Some.Repository(table).StoreAsync(Some.Date, Some.Items(5));

        Assert.Equal(3, table.Lookups.Count);
        Assert.Empty(table.Writes);
        Assert.Empty(table.Updates);
        Assert.Equal((StoreStatus.Failed, 5), (result.Status, result.Failed));
        Assert.All(result.Problems, static problem => Assert.Equal(StoreProblemReason.CompareUnavailable, problem.Reason));
    }

    [Theory]
    [InlineData("Unavailable", 3, StoreProblemReason.CompareUnavailable)]
    [InlineData("Throttled", 3, StoreProblemReason.CompareUnavailable)]
    [InlineData("AccessDenied", 1, StoreProblemReason.CompareUnavailable)]
    [InlineData("TableNotFound", 1, StoreProblemReason.TableNotFound)]
    [InlineData("Invalid", 1, StoreProblemReason.TableMismatch)]
    [InlineData("CredentialsRefused", 1, StoreProblemReason.CredentialsRefused)]
    [InlineData("ClockSkew", 2, StoreProblemReason.CredentialsRefused)]
    public async Task A_day_that_cannot_be_read_is_not_written(string kind, int attempts, StoreProblemReason reason)
    {
        var table = new TableDouble { OnQuery = _ => Task.FromResult(new PageReply { Fault = Some.Fault(Enum.Parse<FaultKind>(kind), 400) }) };

        StoreResult result = await Some.Repository(table).StoreAsync(Some.Date, Some.Items(30));

        Assert.Equal(attempts, table.Requests);
        Assert.Equal((StoreStatus.Failed, 30), (result.Status, result.Failed));
        Assert.All(result.Problems, problem => Assert.Equal(reason, problem.Reason));
    }

    [Fact]
    public async Task A_day_without_a_header_that_has_items_is_matched_by_url()
    {
        var table = new TableDouble { OnUpdate = static _ => new UpdateReply { Fault = Some.Fault(FaultKind.AccessDenied, 400) } };
        await Some.Repository(table, static options => options.Identity.DropWww = false).StoreAsync(Some.Date, [Www, .. Some.Items(30)]);
        table.OnUpdate = static _ => null;

        StoreResult result = await Some.Repository(table).StoreAsync(Some.Date, [Www, .. Some.Items(30)]);

        Assert.Equal(31, result.Unchanged);
        Assert.Equal("mixed", table.Updates.Last().ValueOf(N.IdRules)?.Text);
    }

    [Fact]
    public async Task A_changed_switch_duplicates_nothing_and_keeps_the_stored_ids()
    {
        var table = new TableDouble();
        await Some.Repository(table, static options => options.Identity.DropWww = false).StoreAsync(Some.Date, [Www, .. Some.Items(30)]);
        DigestRepository repository = Some.Repository(table);

        StoreResult same = await repository.StoreAsync(Some.Date, [Www, .. Some.Items(30)]);
        StoreResult changed = await repository.StoreAsync(Some.Date, [Www with { Title = "New" }]);

        Assert.Equal(31, same.Unchanged);
        Assert.Equal(1, changed.Updated);
        Digest digest = await repository.GetAsync(Some.Date);
        Assert.Equal(31, digest.Count);
        Assert.Equal("New", (await repository.FindAsync(Some.Date, "https://example.com/page"))!.Item.Title);
    }

    [Fact]
    public async Task A_record_of_a_newer_version_fails_its_item_and_is_left_alone()
    {
        var table = new TableDouble();
        await Some.Repository(table).StoreAsync(Some.Date, Some.Items(3));
        table.Storage.With("digests", Some.Partition.Key, static records => records[RecordKeys.Item(Some.Id(1))][N.Version] = ItemMapper.Number(2));

        StoreResult result = await Some.Repository(table).StoreAsync(Some.Date, Some.Items(3).Select(static item => item with { Summary = "new" }));

        Assert.Equal((StoreStatus.PartiallyStored, 2, 1), (result.Status, result.Updated, result.Failed));
        Assert.Equal(StoreProblemReason.NewerSchema, Assert.Single(result.Problems).Reason);
        Assert.False(table.Storage.With("digests", Some.Partition.Key, static records => records[RecordKeys.Item(Some.Id(1))].ContainsKey(N.Summary)));
    }

    [Fact]
    public async Task An_item_that_others_attributes_make_too_large_is_rejected_and_the_record_kept()
    {
        var table = new TableDouble();
        await Some.Repository(table).StoreAsync(Some.Date, [Some.Item()]);
        table.Storage.With("digests", Some.Partition.Key, static records => records[RecordKeys.Item(Some.Id(0))]["note"] = ItemMapper.Text(new string('x', 300_000)));

        StoreResult result = await Some.Repository(table).StoreAsync(Some.Date, [Some.Item() with { Summary = new string('y', 200_000) }]);

        Assert.Equal(StoreProblemReason.ItemTooLarge, Assert.Single(result.Problems).Reason);
        Assert.Equal(1, result.Rejected);
        Assert.Equal(StoreStatus.Failed, result.Status);
    }

    // Items of 5 KB: some 200 a page.
    private static async Task<List<DigestItem>> LargeDayAsync(TableDouble table, int items)
    {
        List<DigestItem> day = [.. Some.Items(items).Select(static item => item with { Summary = new string('x', 5_000) })];
        await Some.Repository(table).StoreAsync(Some.Date, day);
        table.Queries.Clear();
        table.Lookups.Clear();
        return day;
    }

    private static ItemRecord Record(string key, Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue> attributes)
    {
        Assert.True(RecordKeys.TryParseItem(key, out DigestItemId id));
        return ItemReader.Read(id, Some.Date, attributes);
    }

    private static DigestItem Www => new() { Url = "https://www.example.com/page", Title = "Page" };
}
