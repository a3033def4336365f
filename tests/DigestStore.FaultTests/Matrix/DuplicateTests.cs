namespace DigestStore.FaultTests;

public sealed class DuplicateTests
{
    [Theory]
    [InlineData(Engine.DynamoDbLocal)]
    [InlineData(Engine.Dynalite)]
    [FaultRow(19, "One batch has the same URL twice, and two spellings of one canonical URL", "They are one item before anything is sent; the last copy wins.")]
    public async Task Copies_within_one_batch_never_reach_the_table(Engine engine)
    {
        await using EngineScenario scenario = await EngineScenario.StartAsync(engine);
        DigestItem[] items =
        [
            new() { Url = "https://example.com/a", Title = "first" },
            new() { Url = "https://example.com/b", Title = "other" },
            new() { Url = "http://www.EXAMPLE.com:80/a/?utm_source=mail#top", Title = "second" },
            new() { Url = "https://example.com/a", Title = "third" },
        ];

        StoreResult result = await scenario.StoreAsync(items);

        Assert.Equal((StoreStatus.Stored, 2, 2), (result.Status, result.Inserted, result.Duplicates));
        Assert.Equal([DigestItemOutcome.Duplicate, DigestItemOutcome.Inserted, DigestItemOutcome.Duplicate, DigestItemOutcome.Inserted], result.Outcomes);
        Assert.Empty(result.Problems);
        Assert.Equal(["other", "third"], (await scenario.ItemsAsync()).Select(item => item["title"].S).Order());
        scenario.AssertRequests(compares: 1, writes: 1, headers: 1);
    }

    [Theory]
    [InlineData(Engine.DynamoDbLocal)]
    [InlineData(Engine.Dynalite)]
    [FaultRow(20, "Copies of the same items in different batches", "Each is written once, with the content of its last copy.")]
    public async Task Copies_in_different_batches_are_written_once(Engine engine)
    {
        await using EngineScenario scenario = await EngineScenario.StartAsync(engine);
        DigestItem[] first = FaultScenario.Items(100);

        StoreResult result = await scenario.StoreAsync([.. first, .. first.Select(item => item with { Title = item.Title + " again" })]);

        Assert.Equal((StoreStatus.Stored, 100, 100), (result.Status, result.Inserted, result.Duplicates));
        IReadOnlyList<Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>> stored = await scenario.ItemsAsync();
        Assert.Equal(100, stored.Count);
        Assert.All(stored, item => Assert.EndsWith(" again", item["title"].S, StringComparison.Ordinal));
        scenario.AssertRequests(compares: 1, writes: 4, headers: 1);
    }

    [Theory]
    [InlineData(Engine.DynamoDbLocal)]
    [InlineData(Engine.Dynalite)]
    [FaultRow(20, "10,000 copies of one URL", "One write of one item; 9,999 duplicates.")]
    public async Task Ten_thousand_copies_of_one_URL_are_one_write(Engine engine)
    {
        await using EngineScenario scenario = await EngineScenario.StartAsync(engine);

        StoreResult result = await scenario.StoreAsync([.. Enumerable.Range(0, 10_000).Select(n => new DigestItem { Url = "https://example.com/same", Title = $"title {n}" })]);

        Assert.Equal((StoreStatus.Stored, 1, 9_999), (result.Status, result.Inserted, result.Duplicates));
        Assert.Equal(DigestItemOutcome.Inserted, result.Outcomes[9_999]);
        Assert.Equal("title 9999", Assert.Single(await scenario.ItemsAsync())["title"].S);
        scenario.AssertRequests(compares: 1, writes: 1, headers: 1);
    }

    [Theory]
    [InlineData(Engine.DynamoDbLocal)]
    [InlineData(Engine.Dynalite)]
    [FaultRow(20, "Copies far apart in a stream", "The later copy goes out as an update of the first, createdAt kept; the earlier one is a duplicate.")]
    public async Task Copies_in_different_windows_of_a_stream_end_as_one_item_with_the_last_content(Engine engine)
    {
        // A window has BatchSize × MaxConcurrency × 10 items.
        await using EngineScenario scenario = await EngineScenario.StartAsync(engine, options => (options.BatchSize, options.MaxConcurrency) = (5, 1));
        DigestItem[] first = FaultScenario.Items(100);
        DigestItem[] again = [.. first.Select(item => item with { Title = item.Title + " again" })];

        StoreResult result = await scenario.Repository.StoreAsync(FaultScenario.Date, first.Concat(again).ToAsyncEnumerable(), null, TestContext.Current.CancellationToken);

        Assert.Equal((StoreStatus.Stored, 200, 100, 0), (result.Status, result.Received, result.Duplicates, result.Failed));
        Assert.Equal(100, result.Inserted + result.Updated);
        Assert.All(Enumerable.Range(0, 100), n => Assert.Equal(DigestItemOutcome.Duplicate, result.Outcomes[n]));
        IReadOnlyList<Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>> stored = await scenario.ItemsAsync();
        Assert.Equal(100, stored.Count);
        Assert.All(stored, item => Assert.EndsWith(" again", item["title"].S, StringComparison.Ordinal));
        Assert.Equal(result.Cost.Requests, scenario.Wire.Count);
        Assert.Equal(40, scenario.Wire.CountOf("BatchWriteItem"));
    }

    [Fact]
    [FaultRow(20, "100,000 copies of one URL", "The time grows with their number, not with its square.")]
    public async Task The_time_for_copies_grows_no_faster_than_their_number()
    {
        await using var scenario = FaultScenario.Start();

        StoreResult result = await scenario.StoreAsync([.. Enumerable.Range(0, 100_000).Select(n => new DigestItem { Url = $"https://example.com/{n % 2}", Title = "title" })]);

        // A square of this would take minutes; the deadline of the scenario is 5 s.
        Assert.Equal((StoreStatus.Stored, 2, 99_998), (result.Status, result.Inserted, result.Duplicates));
        scenario.AssertRequests(compares: 1, writes: 1, headers: 1);
    }
}
