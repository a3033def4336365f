using System.Globalization;
using DigestStore.Manifests;
using DigestStore.Records;
using DigestStore.Table;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.UnitTests.History;

/// <summary>What a look-up keeps in memory. The test runs alone, because the memory is that of the whole process.</summary>
[CollectionDefinition(nameof(SentFinderMemoryTests), DisableParallelization = true)]
[Collection(nameof(SentFinderMemoryTests))]
public sealed class SentFinderMemoryTests
{
    private readonly TableDouble _table = new();

    // The ids of 365 days are read page by page, and only those that match are kept.
    [Fact]
    public async Task A_year_of_500_links_a_day_takes_at_most_four_requests_and_8_MB()
    {
        const int Days = 365;
        byte[][] manifests = [.. Enumerable.Range(0, Days).Select(static day => DigestItemIdSet.Of(Enumerable.Range(0, 500).Select(number => Some.Id((day * 1_000) + number))).Slice(0, 500).ToArray())];
        string[] urls = [.. Enumerable.Range(250, 500).Select(static number => Some.Item(number).Url)];
        long most = 0;
        long before = 0;
        int next = 0;
        _table.OnQuery = request =>
        {
            // What the pages before have left behind.
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            StoredRecord[] records = [.. Enumerable.Range(next, Math.Min(120, Days - next)).Select(day => new StoredRecord(
                new RecordKey("SENT#daily", RecordKeys.Manifest(Some.Date.AddDays(day - Days))),
                new() { [N.Fence] = ItemMapper.Number(1), [N.State] = ItemMapper.Text("delivered"), [N.Count] = ItemMapper.Number(500), [N.IdRules] = ItemMapper.Text("1"), [N.Ids] = ItemMapper.Bytes(manifests[day]) }))];
            next += records.Length;
            return Task.FromResult(new PageReply { Records = records, Next = next < Days ? records[^1].Key.SortKey : null });
        };
        DigestRepository repository = Some.Repository(_table);
        before = GC.GetTotalMemory(forceFullCollection: true);

        SentLookup lookup = await repository.FindSentAsync(Some.Date, urls, Days, TestContext.Current.CancellationToken);

        Assert.Equal((4, 250), (_table.Queries.Count, lookup.Sent.Count));
        Assert.InRange(most, 0, 8 * 1024 * 1024);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{most / 1024} KB at most"));
    }
}
