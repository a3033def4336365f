using Amazon.DynamoDBv2.Model;
using DigestStore.Records;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.UnitTests.Reading;

// A day whose ids were made under several sets of identity rules: several records may be one page.
public sealed class ItemFinderTests
{
    private const string Page = "https://example.com/a";

    private readonly TableDouble _table = new();

    [Fact]
    public async Task After_true_nothing_is_found_and_the_other_pages_stay()
    {
        await StoreStrictlyAsync(Page, Page + "/", "http://www.example.com/a", "https://example.com/b");
        using DigestRepository repository = Some.Repository(_table);

        Assert.True(await repository.DeleteAsync(Some.Date, Page));

        Assert.Null(await repository.FindAsync(Some.Date, Page));
        Assert.False(await repository.DeleteAsync(Some.Date, Page));
        Assert.Equal("https://example.com/b", Assert.Single(await repository.GetAsync(Some.Date)).Item.Url);
    }

    [Fact]
    public async Task A_page_of_more_records_than_a_request_takes_is_deleted_in_several()
    {
        await StoreStrictlyAsync([.. Enumerable.Range(0, 60).Select(static number => $"{Page}#{number}")]);
        using DigestRepository repository = Some.Repository(_table);
        _table.Writes.Clear();

        Assert.True(await repository.DeleteAsync(Some.Date, Page));

        Assert.Equal([25, 25, 10], _table.Writes.Select(static write => write.Deletes.Count));
        Assert.Empty(await repository.GetAsync(Some.Date));
    }

    [Fact]
    public async Task Records_on_several_pages_of_the_day_are_all_deleted()
    {
        await StoreStrictlyAsync(Page, Page + "/", Page + "//", "http://example.com/a", "https://www.example.com/a");
        List<DigestItem> large = [.. Some.Items(600).Select(static item => item with { Summary = new string('x', 5_000) })];
        (await Some.Repository(_table).StoreAsync(Some.Date, large)).EnsureStored();
        using DigestRepository repository = Some.Repository(_table);
        _table.Queries.Clear();

        Assert.True(await repository.DeleteAsync(Some.Date, Page));

        Assert.True(_table.Queries.Count >= 3, "The day has one page only.");
        Assert.Null(await repository.FindAsync(Some.Date, Page));
        Assert.Equal(600, (await repository.GetAsync(Some.Date)).Count);
    }

    [Fact]
    public async Task What_the_table_leaves_over_is_deleted_in_the_next_request()
    {
        await StoreStrictlyAsync(Page, Page + "/", Page + "//");
        using DigestRepository repository = Some.Repository(_table);
        _table.Writes.Clear();
        int asked = 0;
        _table.OnWriteAsync = (batch, _) => asked++ == 0 ? OnlyTheFirstAsync(batch) : null;

        Assert.True(await repository.DeleteAsync(Some.Date, Page));

        Assert.Equal([3, 2], _table.Writes.Select(static write => write.Deletes.Count));
        Assert.Empty(await repository.GetAsync(Some.Date));
    }

    [Fact]
    public async Task A_delete_that_fails_in_the_middle_is_no_success_says_how_far_it_came_and_can_be_repeated()
    {
        await StoreStrictlyAsync([.. Enumerable.Range(0, 30).Select(static number => $"{Page}#{number}")]);
        using DigestRepository repository = Some.Repository(_table);
        int asked = 0;
        _table.OnWrite = _ => asked++ == 0 ? null : new WriteReply { Sent = 5, Fault = Some.Fault(FaultKind.Unavailable, 500) };

        DigestStoreException thrown = await Assert.ThrowsAsync<DigestStoreException>(() => repository.DeleteAsync(Some.Date, Page));

        Assert.Equal(DigestStoreErrorReason.Unavailable, thrown.Reason);
        Assert.EndsWith(" 25 of the 30 records of this page are known to be deleted. Delete the page again: that deletes what is left.", thrown.Message, StringComparison.Ordinal);
        Assert.NotNull(await repository.FindAsync(Some.Date, Page));

        _table.OnWrite = static _ => null;
        Assert.True(await repository.DeleteAsync(Some.Date, Page));
        Assert.Null(await repository.FindAsync(Some.Date, Page));
    }

    [Fact]
    public async Task The_failed_delete_of_a_single_record_counts_no_records()
    {
        await Some.Repository(_table).StoreAsync(Some.Date, Some.Items(1));
        _table.OnWrite = static _ => new WriteReply { Sent = 1, Fault = Some.Fault(FaultKind.AccessDenied, 400) };

        DigestStoreException thrown = await Assert.ThrowsAsync<DigestStoreException>(() => Some.Repository(_table).DeleteAsync(Some.Date, Some.Item().Url));

        Assert.DoesNotContain("records", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_delete_left_over_for_ever_is_throttled()
    {
        await StoreStrictlyAsync(Page, Page + "/");
        _table.OnWrite = static batch => new WriteReply { Sent = batch.Deletes.Count, Unprocessed = batch.Deletes };

        DigestStoreException thrown = await Assert.ThrowsAsync<DigestStoreException>(() => Some.Repository(_table).DeleteAsync(Some.Date, Page));

        Assert.Equal(DigestStoreErrorReason.Throttled, thrown.Reason);
    }

    [Fact]
    public async Task A_record_of_a_newer_schema_is_never_touched_and_nothing_beside_it_is_deleted()
    {
        await StoreStrictlyAsync(Page, Page + "/");
        Change(Some.Id(Page), static record => record[N.Version] = ItemMapper.Number(Schema.Version + 1));
        using DigestRepository repository = Some.Repository(_table);
        _table.Writes.Clear();

        DigestStoreException thrown = await Assert.ThrowsAsync<DigestStoreException>(() => repository.DeleteAsync(Some.Date, Page));

        Assert.Equal(DigestStoreErrorReason.NewerSchema, thrown.Reason);
        Assert.Empty(_table.Writes);
        Assert.Equal(Page + "/", (await repository.FindAsync(Some.Date, Page))!.Item.Url);

        // A store knows the page by the same record.
        Assert.Equal(1, (await repository.StoreAsync(Some.Date, [new DigestItem { Url = Page, Title = "New" }])).Updated);
        Assert.Equal(1, (await repository.GetAsync(Some.Date)).Unreadable);
    }

    [Fact]
    public async Task A_damaged_record_is_deleted_with_the_page_whose_id_it_has()
    {
        await StoreStrictlyAsync(Page, Page + "/");
        Change(Some.Id(Page), static record => record.Remove(N.Title));
        using DigestRepository repository = Some.Repository(_table);

        Assert.Equal(Page + "/", (await repository.FindAsync(Some.Date, Page))!.Item.Url);
        Assert.True(await repository.DeleteAsync(Some.Date, Page));

        Digest left = await repository.GetAsync(Some.Date);
        Assert.Equal((0, 0), (left.Count, left.Unreadable));
    }

    [Fact]
    public async Task A_record_whose_url_cannot_be_identified_any_more_is_found_and_deleted_by_its_id()
    {
        await StoreStrictlyAsync(Page, Page + "/");
        DigestItemId id = Some.Id(Page);
        Change(id, static record => record[N.Url] = ItemMapper.Text("not a URL"));
        using DigestRepository repository = Some.Repository(_table);

        Assert.Equal(Page + "/", (await repository.FindAsync(Some.Date, Page))!.Item.Url);
        Assert.NotNull(await repository.FindAsync(Some.Date, id));
        Assert.True(await repository.DeleteAsync(Some.Date, Page));
        Assert.Null(await repository.FindAsync(Some.Date, Page));
        Assert.Null(await repository.FindAsync(Some.Date, id));
    }

    [Fact]
    public async Task Only_expired_records_are_deleted_without_a_true()
    {
        var clock = new FixedClock();
        await Strict(static options => options.Retention = TimeSpan.FromDays(1), clock).StoreAsync(Some.Date, [At(Page), At(Page + "/")]);
        clock.Advance(TimeSpan.FromDays(2));
        using DigestRepository repository = Some.Repository(_table, time: clock);

        Assert.False(await repository.DeleteAsync(Some.Date, Page));

        Assert.Equal(1, _table.Storage.Count);
    }

    // The record under today's own id has expired, and a living one has the page.
    [Fact]
    public async Task An_expired_record_hides_no_living_one()
    {
        var clock = new FixedClock();
        await Strict(static options => options.Retention = TimeSpan.FromDays(1), clock).StoreAsync(Some.Date, [At(Page)]);
        await Strict(null, clock).StoreAsync(Some.Date, [At(Page + "/")]);
        clock.Advance(TimeSpan.FromDays(2));
        using DigestRepository repository = Some.Repository(_table, time: clock);

        Assert.Equal(Page + "/", (await repository.FindAsync(Some.Date, Page))!.Item.Url);
        Assert.True(await repository.DeleteAsync(Some.Date, Page));
        Assert.Null(await repository.FindAsync(Some.Date, Page));
    }

    [Fact]
    public async Task On_a_day_of_one_rule_set_a_find_stays_one_request_and_a_delete_two()
    {
        await Some.Repository(_table).StoreAsync(Some.Date, Some.Items(3));
        using DigestRepository repository = Some.Repository(_table);
        int before = _table.Requests;

        Assert.NotNull(await repository.FindAsync(Some.Date, Some.Item().Url));
        Assert.Equal(1, _table.Requests - before);
        Assert.True(await repository.DeleteAsync(Some.Date, Some.Item().Url));
        Assert.Equal(3, _table.Requests - before);
    }

    private static DigestItem At(string url) => new() { Url = url, Title = url };

    private Task<StoreResult> StoreStrictlyAsync(params string[] urls) => Strict(null, null).StoreAsync(Some.Date, urls.Select(At));

    private DigestRepository Strict(Action<DigestStoreOptions>? change, FixedClock? clock) => Some.Repository(
        _table,
        options =>
        {
            options.Identity = new UrlIdentityOptions { TreatHttpAsHttps = false, DropWww = false, DropTrailingSlash = false, CollapseSlashes = false, DropFragment = false };
            change?.Invoke(options);
        },
        clock);

    private void Change(DigestItemId id, Action<Dictionary<string, AttributeValue>> change) => _table.Storage.With(
        "digests",
        Some.Partition.Key,
        records =>
        {
            change(records[RecordKeys.Item(id)]);
            return 0;
        });

    private async Task<WriteReply> OnlyTheFirstAsync(WriteBatch batch)
    {
        await _table.WriteThroughAsync(batch with { Deletes = [batch.Deletes[0]] });
        return new WriteReply { Sent = batch.Deletes.Count, Unprocessed = [.. batch.Deletes.Skip(1)] };
    }
}
