using System.Text.Json.Nodes;
using DigestStore.Day;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class ReadingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [FaultRow(78, "One page of a day fails once", "It is asked for again; the list is whole.")]
    public async Task A_page_that_fails_once_is_read_again(int page)
    {
        await using FaultScenario scenario = await ThreePagesAsync();
        scenario.Server.On("Query").Nth(page).Answer(Fault.InternalServerError()).Once();

        Digest digest = await scenario.Repository.GetAsync(FaultScenario.Date, Token);

        Assert.Equal(9, digest.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [FaultRow(78, "One page of a day fails for ever", "The read throws with its reason; it never returns a short list.")]
    public async Task A_page_that_fails_for_ever_is_an_error_and_no_short_list(int page)
    {
        await using FaultScenario scenario = await ThreePagesAsync();
        scenario.Server.On("Query").From(page).Answer(Fault.InternalServerError());

        DigestStoreException failure = await Assert.ThrowsAsync<DigestStoreException>(() => scenario.Repository.GetAsync(FaultScenario.Date, Token));

        Assert.Equal(DigestStoreErrorReason.Unavailable, failure.Reason);
        Assert.Equal(page - 1 + DigestStoreDefaults.MaxAttempts, scenario.Server.Requests.CountOf("Query"));
    }

    [Fact]
    [FaultRow(79, "A page is empty but names a last key", "The read goes on from there.")]
    public async Task An_empty_page_is_not_the_end()
    {
        await using FaultScenario scenario = await ThreePagesAsync();
        scenario.Server.On("Query").Nth(1).Answer(Fault.Json(new JsonObject
        {
            ["Items"] = new JsonArray(),
            ["Count"] = 0,
            ["LastEvaluatedKey"] = new JsonObject { ["pk"] = Text("DIGEST#daily#2026-11-21"), ["sk"] = Text("HEADER") },
        }.ToJsonString()));

        Assert.Equal(9, (await scenario.Repository.GetAsync(FaultScenario.Date, Token)).Count);
    }

    [Theory]
    [InlineData("{\"Items\":[],\"Count\":0,\"LastEvaluatedKey\":{}}")]
    [InlineData("{\"Items\":[],\"Count\":0,\"LastEvaluatedKey\":null}")]
    [InlineData("{\"Items\":null,\"Count\":0}")]
    [InlineData("{\"Count\":0}")]
    [FaultRow(79, "The last key is empty, null or absent, or the items are", "That is the end: an empty digest.")]
    public async Task An_empty_or_missing_last_key_is_the_end(string answer)
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("Query").Answer(Fault.Json(answer));

        Assert.Empty(await scenario.Repository.GetAsync(FaultScenario.Date, Token));
        Assert.Equal(1, scenario.Server.Requests.CountOf("Query"));
    }

    [Theory]
    [InlineData("{\"pk\":{\"S\":\"DIGEST#daily#2026-11-21\"},\"sk\":{\"S\":\"HEADER\"}}")]
    [InlineData("{\"pk\":{\"S\":\"DIGEST#daily#2026-11-21\"}}")]
    [InlineData("{\"sk\":{\"N\":\"1\"}}")]
    [InlineData("{\"sk\":{\"S\":\"\"}}")]
    [FaultRow(80, "The last key is the same for ever, or is none that one could go on from", "The read throws after a bounded number of requests.")]
    public async Task A_last_key_that_leads_nowhere_ends_in_an_error(string lastKey)
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("Query").Answer(Fault.Json($"{{\"Items\":[],\"Count\":0,\"LastEvaluatedKey\":{lastKey}}}"));

        DigestStoreException failure = await Assert.ThrowsAsync<DigestStoreException>(() => scenario.Repository.GetAsync(FaultScenario.Date, Token));

        Assert.Equal(DigestStoreErrorReason.InvalidResponse, failure.Reason);
        Assert.InRange(scenario.Server.Requests.CountOf("Query"), 1, DigestStoreDefaults.MaxAttempts + 1);
    }

    [Fact]
    [FaultRow(80, "Every page is empty and its last key goes a little further, for ever", "The read throws after 100 empty pages in a row.")]
    public async Task Last_keys_that_go_on_for_ever_end_in_an_error()
    {
        await using FaultScenario scenario = FaultScenario.Start();
        scenario.Server.On("Query").Answer(request => Page([], $"NOTE#{request.Number:D8}"));

        DigestStoreException failure = await Assert.ThrowsAsync<DigestStoreException>(() => scenario.Repository.GetAsync(FaultScenario.Date, Token));

        Assert.Equal(DigestStoreErrorReason.InvalidResponse, failure.Reason);
        Assert.Contains("TooManyEmptyPages", failure.Message, StringComparison.Ordinal);
        Assert.Equal(PageCursor.MaxEmptyPages, scenario.Server.Requests.CountOf("Query"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [FaultRow(80, "The last keys go on for ever, and every page repeats the items of another", "A record outside of its page is a lie: the read throws at the first one.")]
    public async Task A_record_outside_of_its_page_is_an_error(int pages)
    {
        await using FaultScenario scenario = FaultScenario.Start();
        string[] keys = [.. FaultScenario.Items(2).Select(item => $"ITEM#{IdOf(item)}").Order(StringComparer.Ordinal)];
        scenario.Server.On("Query").Answer(request => Page([pages == 1 ? keys[1] : keys[0]], request.Number == 1 ? keys[0] : $"{keys[0]}#{request.Number:D8}"));

        DigestStoreException failure = await Assert.ThrowsAsync<DigestStoreException>(async () =>
        {
            await foreach (StoredDigestItem _ in scenario.Repository.ReadAsync(FaultScenario.Date, Token))
            {
            }
        });

        Assert.Equal(DigestStoreErrorReason.InvalidResponse, failure.Reason);
        Assert.Contains("RecordOutsidePage", failure.Message, StringComparison.Ordinal);
        Assert.Equal(pages, scenario.Server.Requests.CountOf("Query"));
    }

    [Fact]
    [FaultRow(82, "A day has 10,000 items", "All are read, in order, none twice.")]
    public async Task A_day_of_ten_thousand_items_is_read_whole_and_in_order()
    {
        await using EngineTable table = await EngineTable.StartAsync(Engine.DynamoDbLocal, options => options.Deadline = TimeSpan.FromMinutes(5));
        DigestItem[] items = FaultScenario.Items(10_000);

        StoreResult result = await table.StoreAsync(items);

        Assert.Equal(10_000, result.Inserted);
        Assert.Equal(items.Select(item => item.Url), (await table.ReadAsync()).Select(item => item.Item.Url));
    }

    [Theory]
    [InlineData(Engine.DynamoDbLocal)]
    [InlineData(Engine.Dynalite)]
    [FaultRow(82, "Pages end at 1 MB, in the middle of a day", "Every item is read once.")]
    public async Task Three_pages_of_a_megabyte_are_read_whole(Engine engine)
    {
        await using EngineTable table = await EngineTable.StartAsync(engine);
        DigestItem[] items = [.. FaultScenario.Items(9).Select(item => item with { Summary = new string('x', 300_000) })];

        await table.StoreAsync(items);

        Assert.Equal(items, (await table.ReadAsync()).Select(item => item.Item));
    }

    private static async Task<FaultScenario> ThreePagesAsync()
    {
        var scenario = FaultScenario.Start();
        StoreResult result = await scenario.StoreAsync([.. FaultScenario.Items(9).Select(item => item with { Summary = new string('x', 300_000) })]);
        Assert.Equal((9, 0), (result.Inserted, scenario.Server.Requests.CountOf("Query")));
        return scenario;
    }

    private static Fault Page(string[] keys, string lastKey) => Fault.Json(new JsonObject
    {
        ["Items"] = new JsonArray([.. keys.Select(Key)]),
        ["Count"] = keys.Length,
        ["LastEvaluatedKey"] = Key(lastKey),
    }.ToJsonString());

    private static DigestItemId IdOf(DigestItem item) => DigestItemId.TryCreate(item.Url, out DigestItemId id) ? id : default;

    private static JsonObject Key(string sortKey) => new() { ["pk"] = Text("DIGEST#daily#2026-11-21"), ["sk"] = Text(sortKey) };

    private static JsonObject Text(string text) => new() { ["S"] = text };
}
