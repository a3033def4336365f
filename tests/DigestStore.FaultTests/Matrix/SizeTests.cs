using System.Text;
using Amazon.DynamoDBv2.Model;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class SizeTests
{
    private const int MaxItemBytes = 400 * 1024;
    private const int MaxRequestBytes = 16 * 1024 * 1024;

    [Theory]
    [InlineData(Engine.DynamoDbLocal, 0)]
    [InlineData(Engine.DynamoDbLocal, 1)]
    [InlineData(Engine.DynamoDbLocal, 24)]
    [InlineData(Engine.DynamoDbLocal, 25)]
    [InlineData(Engine.DynamoDbLocal, 26)]
    [InlineData(Engine.DynamoDbLocal, 50)]
    [InlineData(Engine.DynamoDbLocal, 51)]
    [InlineData(Engine.DynamoDbLocal, 10_000)]
    [InlineData(Engine.Dynalite, 0)]
    [InlineData(Engine.Dynalite, 1)]
    [InlineData(Engine.Dynalite, 24)]
    [InlineData(Engine.Dynalite, 25)]
    [InlineData(Engine.Dynalite, 26)]
    [InlineData(Engine.Dynalite, 50)]
    [InlineData(Engine.Dynalite, 51)]
    [FaultRow(21, "0, 1, 24, 25, 26, 50, 51 and 10,000 items", "One compare, ⌈n/25⌉ batch writes, one header; nothing at all for no items.")]
    public async Task The_number_of_requests_is_that_of_the_full_batches_and_two(Engine engine, int count)
    {
        await using EngineScenario scenario = await EngineScenario.StartAsync(engine, options => options.Deadline = TimeSpan.FromMinutes(1));

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(count));

        Assert.Equal((StoreStatus.Stored, count, 0), (result.Status, result.Inserted, result.Cost.Retries));
        Assert.Equal(count, (await scenario.ItemsAsync()).Count);
        int one = count == 0 ? 0 : 1;
        scenario.AssertRequests(compares: one, writes: (count + 24) / 25, headers: one);
    }

    [Theory]
    [InlineData(Engine.DynamoDbLocal, "x")]
    [InlineData(Engine.DynamoDbLocal, "é")]
    [InlineData(Engine.DynamoDbLocal, "😀")]
    [InlineData(Engine.Dynalite, "x")]
    [InlineData(Engine.Dynalite, "😀")]
    [FaultRow(22, "Items around DynamoDB's limit of 400 KB in UTF-8", "What is too large is rejected with ItemTooLarge; all the others are stored and none is refused by the table.")]
    public async Task An_item_over_400_KB_is_rejected_and_its_neighbours_are_stored(Engine engine, string character)
    {
        await using EngineScenario scenario = await EngineScenario.StartAsync(engine);
        int width = Encoding.UTF8.GetByteCount(character);
        DigestItem[] items = FaultScenario.Items(20);
        for (int n = 1; n < 17; n++)
        {
            int bytes = MaxItemBytes + 40 - (40 * n);
            items[n] = items[n] with { Summary = string.Concat(Enumerable.Repeat(character, bytes / width)) };
        }

        StoreResult result = await scenario.StoreAsync(items);

        Assert.Equal((StoreStatus.Stored, 0), (result.Status, result.Failed));
        Assert.Equal(20, result.Inserted + result.Rejected);
        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.ItemTooLarge, problem.Reason));
        int firstThatFits = Enumerable.Range(1, 16).First(n => result.Outcomes[n] == DigestItemOutcome.Inserted);
        Assert.InRange(firstThatFits, 2, 16);
        Assert.All(Enumerable.Range(0, 20), n => Assert.Equal(n is 0 || n >= firstThatFits ? DigestItemOutcome.Inserted : DigestItemOutcome.Rejected, result.Outcomes[n]));
        Assert.Equal(result.Inserted, (await scenario.ItemsAsync()).Count);
        scenario.AssertRequests(compares: 1, writes: 1, headers: 1);
    }

    [Fact]
    [FaultRow(23, "25 items of nearly 400 KB of emoji, 30 MB as JSON", "They are sent in requests of at most 16 MB.")]
    public async Task Batches_are_packed_by_their_size_on_the_wire()
    {
        // 30 MB through a busy machine take their time, and the time is not what is tested.
        await using var scenario = FaultScenario.Start(options => options.Deadline = options.AttemptTimeout = TimeSpan.FromMinutes(5));
        string summary = string.Concat(Enumerable.Repeat("😀", 399 * 1024 / 4));

        StoreResult result = await scenario.StoreAsync([.. FaultScenario.Items(25).Select(item => item with { Summary = summary })]);

        Assert.Equal((StoreStatus.Stored, 25, 0), (result.Status, result.Inserted, result.Cost.Retries));
        scenario.AssertRequests(compares: 1, writes: 2, headers: 1);
        Assert.All(scenario.Writes(), write => Assert.InRange(write.BodyLength, 1, MaxRequestBytes));
        Assert.True(scenario.Writes().Sum(write => write.BodyLength) > MaxRequestBytes);
    }

    [Theory]
    [InlineData(Engine.DynamoDbLocal)]
    [InlineData(Engine.Dynalite)]
    [FaultRow(24, "URLs longer than a key may be: 9 KB, 540 two-byte characters, 2,048 characters", "Keys are hashes, so no URL of up to 2,048 characters (escapes counted) makes a long one; longer URLs are rejected; the neighbours are stored.")]
    public async Task Long_URLs_never_poison_a_batch(Engine engine)
    {
        await using EngineScenario scenario = await EngineScenario.StartAsync(engine, options => options.DigestName = new string('d', 64));
        string atLimit = "https://example.com/";
        DigestItem[] items =
        [
            .. FaultScenario.Items(5),
            new() { Url = "https://example.com/" + new string('a', 9 * 1024), Title = "9 KB" },
            new() { Url = "https://example.com/" + new string('é', 300), Title = "300 two-byte characters, 1,800 as escapes" },
            new() { Url = atLimit.PadRight(2_048, 'b'), Title = "at the limit" },
            new() { Url = "https://example.com/" + new string('é', 540), Title = "540 two-byte characters, 3,240 as escapes" },
            new() { Url = atLimit.PadRight(2_049, 'b'), Title = "over the limit" },
            new() { Url = atLimit + new string('語', 2_000), Title = "2,000 three-byte characters, 18,000 as escapes" },
        ];

        StoreResult result = await scenario.StoreAsync(items);

        Assert.Equal((StoreStatus.Stored, 7, 4), (result.Status, result.Inserted, result.Rejected));
        Assert.Equal([5, 8, 9, 10], result.Problems.Select(problem => problem.Index!.Value));
        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.UrlTooLong, problem.Reason));
        Assert.All(await scenario.ItemsAsync(), item => Assert.True(item["sk"].S.Length == 37 && item["pk"].S.Length <= 128));
        Assert.Equal(items[6].Url, (await scenario.Repository.FindAsync(FaultScenario.Date, items[6].Url, TestContext.Current.CancellationToken))!.Item.Url);
        Assert.Equal(1, scenario.Wire.CountOf("BatchWriteItem"));
    }

    [Theory]
    [InlineData(Engine.DynamoDbLocal)]
    [InlineData(Engine.Dynalite)]
    [FaultRow(25, "Empty and null texts, in the URL and in every other field", "An item without URL or title is rejected; elsewhere the attribute is left out.")]
    public async Task Empty_and_null_texts_are_left_out_and_never_sent(Engine engine)
    {
        await using EngineScenario scenario = await EngineScenario.StartAsync(engine);
        DigestItem empty = new() { Url = "https://example.com/empty", Title = "empty", Summary = "", Source = "", Category = "", Author = "", Tags = ["", null!], Metadata = new Dictionary<string, string> { [""] = "a", ["b"] = "", ["c"] = null! } };
        DigestItem nothing = new() { Url = "https://example.com/null", Title = "null", Summary = null, Source = null, Category = null, Author = null, Tags = null!, Metadata = null! };
        DigestItem[] items =
        [
            empty,
            nothing,
            empty with { Url = "" },
            empty with { Url = null! },
            empty with { Url = " \t" },
            empty with { Title = "" },
            empty with { Title = null! },
            null!,
            .. FaultScenario.Items(3),
        ];

        StoreResult result = await scenario.StoreAsync(items);

        Assert.Equal((StoreStatus.Stored, 5, 6), (result.Status, result.Inserted, result.Rejected));
        Assert.Equal(Enumerable.Range(2, 6), result.Problems.Select(problem => problem.Index!.Value));
        Dictionary<string, AttributeValue>[] bare = [.. (await scenario.ItemsAsync()).Where(item => item["title"].S is "empty" or "null")];
        Assert.Equal(2, bare.Length);
        Assert.All(bare, item => Assert.Empty(item.Keys.Intersect(["summary", "source", "category", "author", "publishedAt", "tags", "metadata", "expiresAt"])));
        scenario.AssertRequests(compares: 1, writes: 1, headers: 1);
    }
}
