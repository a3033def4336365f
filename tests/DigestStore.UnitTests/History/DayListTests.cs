using DigestStore.Records;
using DigestStore.Table;
using DigestStore.Testing;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.UnitTests.History;

public sealed class DayListTests
{
    private readonly TableDouble _table = new();

    [Fact]
    public async Task A_header_of_a_newer_version_is_a_day_whose_status_nobody_knows()
    {
        await StoreAsync(0);
        Change(0, static header => header[N.Version] = ItemMapper.Number(2));

        Assert.Equal(new DigestDay { Date = Some.Date, Status = null }, Assert.Single(await ListAsync()));
    }

    [Fact]
    public async Task A_day_without_its_header_is_not_listed()
    {
        await StoreAsync(0, 1);
        Change(1, static header => header.Clear(), remove: true);

        Assert.Equal([Some.Date], (await ListAsync()).Select(static day => day.Date));
    }

    [Fact]
    public async Task A_look_up_that_fails_is_an_error_and_never_a_shorter_list()
    {
        await StoreAsync(0);
        int lookups = 0;
        _table.OnLookup = request => lookups++ > 0 ? Task.FromResult(new LookupReply { KeyCount = request.Keys.Count, Fault = Some.Fault(FaultKind.AccessDenied, 400) }) : null;
        var read = new List<DateOnly>();

        DigestStoreException thrown = await Assert.ThrowsAsync<DigestStoreException>(async () =>
        {
            await foreach (DigestDay day in Some.Repository(_table).ListDaysAsync(Some.Date.AddDays(-150), Some.Date, TestContext.Current.CancellationToken))
            {
                read.Add(day.Date);
            }
        });

        Assert.Equal(DigestStoreErrorReason.AccessDenied, thrown.Reason);
        Assert.Equal([Some.Date], read);
    }

    [Fact]
    public async Task The_days_of_a_status_come_from_the_index_page_by_page()
    {
        await StoreAsync([.. Enumerable.Range(0, 7)]);
        _table.OnQuery = request => new InMemoryTable(_table.Storage).QueryAsync(request with { Limit = 2 }, new Attempt(CancellationToken.None));

        List<DigestDay> days = await Some.Repository(_table).ListDaysAsync(DeliveryStatus.Pending, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, 7).Reverse().Select(static day => Some.Date.AddDays(day)), days.Select(static day => day.Date));
        Assert.All(_table.Queries, static query => Assert.Equal((true, true, false, "STATUS#daily#pending"), (query.IsByStatus, query.IsDescending, query.Consistent, query.PartitionKey)));
    }

    [Fact]
    public async Task A_page_is_found_on_a_day_that_lost_its_header_and_an_unreadable_one_is_left_out()
    {
        await StoreAsync(0, 1, 2);
        Change(1, static header => header.Clear(), remove: true);
        string key = Some.Settings().PartitionOf(Some.Date.AddDays(2)).Key;
        _table.Storage.With("digests", key, static records => records[RecordKeys.Item(Some.Id(0))][N.Version] = ItemMapper.Number(2));

        List<StoredDigestItem> found = await Some.Repository(_table).FindAllAsync(Some.Item().Url, Some.Date, Some.Date.AddDays(10), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal([Some.Date.AddDays(1), Some.Date], found.Select(static item => item.Date));
    }

    // A header that only a sender has made says nothing about ids.
    [Fact]
    public async Task A_day_that_was_only_acquired_costs_no_query()
    {
        await StoreAsync(0);
        await Some.Repository(new TableDouble(_table.Storage)).AcquireAsync(Some.Date.AddDays(1), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(1, await Some.Repository(_table).FindAllAsync(Some.Item().Url, Some.Date, Some.Date.AddDays(1), TestContext.Current.CancellationToken).CountAsync(TestContext.Current.CancellationToken));
        Assert.Equal((1, 0), (_table.Lookups.Count, _table.Queries.Count));
    }

    private async Task StoreAsync(params int[] days)
    {
        foreach (int day in days)
        {
            await Some.Repository(new TableDouble(_table.Storage)).StoreAsync(Some.Date.AddDays(day), Some.Items(2), cancellationToken: TestContext.Current.CancellationToken);
        }
    }

    private ValueTask<List<DigestDay>> ListAsync() =>
        Some.Repository(_table).ListDaysAsync(Some.Date.AddDays(-5), Some.Date.AddDays(5), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

    private void Change(int day, Action<Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>> change, bool remove = false) =>
        _table.Storage.With("digests", Some.Settings().PartitionOf(Some.Date.AddDays(day)).Key, records =>
        {
            change(records[RecordKeys.Header]);
            return remove && records.Remove(RecordKeys.Header);
        });
}
