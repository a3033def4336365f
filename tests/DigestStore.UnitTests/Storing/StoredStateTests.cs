using DigestStore.Table;
using N = DigestStore.Table.AttributeNames;

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

        Assert.Equal((queries, lookups, writes, 1), (table.Queries.Count, table.Lookups.Count, table.Writes.Count, table.Headers.Count));
        Assert.Equal((items, table.Requests, 0), (result.Inserted, result.Requests, result.Retries));
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
        Assert.Equal((items, 2), (result.Unchanged, result.Requests));
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
    public async Task A_day_larger_than_a_page_is_looked_up_beyond_it_100_keys_at_a_time()
    {
        var table = new TableDouble();
        List<DigestItem> day = [.. Some.Items(400).Select(static item => item with { Summary = new string('x', 5_000) })];
        await Some.Repository(table).StoreAsync(Some.Date, day);
        table.Queries.Clear();
        table.Lookups.Clear();

        StoreResult result = await Some.Repository(table).StoreAsync(Some.Date, day);

        Assert.Equal(400, result.Unchanged);
        Assert.Single(table.Queries);
        int beyond = table.Lookups.Sum(static lookup => lookup.Ids.Count);
        Assert.InRange(beyond, 150, 250);
        Assert.Equal((beyond + 99) / 100, table.Lookups.Count);
        Assert.All(table.Lookups, static lookup => Assert.True(lookup.Ids.Count <= 100 && !lookup.WithHeader));
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
            ? Task.FromResult(new LookupReply { Asked = 11, HeaderUnprocessed = true, Unprocessed = [.. request.Ids.Skip(4)], Items = [] })
            : null;

        StoreResult result = await Some.Repository(table).StoreAsync(Some.Date, Some.Items(10));

        Assert.Equal([10, 6], table.Lookups.Select(static lookup => lookup.Ids.Count));
        Assert.Equal(4, result.Inserted);
        Assert.Equal(6, result.Unchanged);
    }

    [Fact]
    public async Task Keys_that_stay_unprocessed_leave_the_compare_undone_and_nothing_written()
    {
        var table = new TableDouble
        {
            OnLookup = static request => Task.FromResult(new LookupReply { Asked = request.Ids.Count + 1, HeaderUnprocessed = true, Unprocessed = request.Ids }),
        };

        StoreResult result = await Some.Repository(table).StoreAsync(Some.Date, Some.Items(5));

        Assert.Equal(3, table.Lookups.Count);
        Assert.Empty(table.Writes);
        Assert.Empty(table.Headers);
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
        var table = new TableDouble { OnHeader = static _ => new HeaderReply { Fault = Some.Fault(FaultKind.AccessDenied, 400) } };
        await Some.Repository(table, static options => options.Identity.DropWww = false).StoreAsync(Some.Date, [Www, .. Some.Items(30)]);
        table.OnHeader = static _ => null;

        StoreResult result = await Some.Repository(table).StoreAsync(Some.Date, [Www, .. Some.Items(30)]);

        Assert.Equal(31, result.Unchanged);
        Assert.Equal("mixed", table.Headers.Last().IdRules);
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

    private static DigestItem Www => new() { Url = "https://www.example.com/page", Title = "Page" };
}
