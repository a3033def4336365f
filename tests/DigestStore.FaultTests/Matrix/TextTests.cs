namespace DigestStore.FaultTests;

public sealed class TextTests
{
    [Theory]
    [InlineData(Engine.DynamoDbLocal)]
    [InlineData(Engine.Dynalite)]
    [FaultRow(74, "NUL, line separators, right-to-left marks, zero-width joiners, emoji, and one word in two Unicode forms", "Texts come back as they were; two different URLs stay two items.")]
    public async Task Unusual_text_comes_back_as_it_was(Engine engine)
    {
        await using EngineTable table = await EngineTable.StartAsync(engine);
        string[] texts = ["a\0b", "line\u2028separator", "\u202Eright to left", "zero\u200Dwidth", "\U0001F600 emoji", "caf\u00E9", "cafe\u0301"];
        DigestItem[] items =
        [
            .. texts.Select((text, n) => new DigestItem { Url = $"https://example.com/{n}", Title = text, Summary = text, Tags = [text] }),
            new DigestItem { Url = "https://example.com/caf\u00E9", Title = "composed" },
            new DigestItem { Url = "https://example.com/cafe\u0301", Title = "decomposed" },
        ];

        StoreResult result = await table.StoreAsync(items);

        Assert.Equal(items.Length, result.Inserted);
        Assert.Equal(items, (await table.ReadAsync()).Select(item => item.Item));
    }

    [Theory]
    [InlineData(Engine.DynamoDbLocal)]
    [InlineData(Engine.Dynalite)]
    [FaultRow(74, "Half of a surrogate pair in a URL or a text", "The item is rejected: it would be stored as another text, and two such URLs as one.")]
    public async Task Half_a_character_is_rejected(Engine engine)
    {
        await using EngineTable table = await EngineTable.StartAsync(engine);
        DigestItem good = FaultScenario.Items(1)[0];
        DigestItem[] items =
        [
            good with { Url = "https://example.com/\uD800" }, good with { Url = "https://example.com/\uDC00" }, good with { Title = "\uD800" },
            good with { Summary = "x\uDFFF" }, good with { Tags = ["\uD800"] }, good with { Metadata = new Dictionary<string, string> { ["\uD800"] = "x" } }, good,
        ];

        StoreResult result = await table.StoreAsync(items);

        Assert.Equal((1, 6), (result.Inserted, result.Rejected));
        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.InvalidUnicode, problem.Reason));
    }

    [Theory]
    [InlineData(Engine.DynamoDbLocal)]
    [InlineData(Engine.Dynalite)]
    [FaultRow(75, "No link, a relative one, or one that is no web page", "It is rejected by a list of what is allowed, not of what is forbidden; a path that .NET takes for a file too.")]
    public async Task Only_web_pages_are_stored(Engine engine)
    {
        await using EngineTable table = await EngineTable.StartAsync(engine);
        DigestItem good = FaultScenario.Items(1)[0];
        string[] urls = ["", "/etc/passwd", "page.html", "//example.com/x", "javascript:alert(1)", "file:///etc/passwd", "mailto:a@example.com", "C:\\x", "\\\\server\\share", "data:text/html,x"];

        StoreResult result = await table.StoreAsync([.. urls.Select(url => good with { Url = url }), good]);

        Assert.Equal((1, urls.Length), (result.Inserted, result.Rejected));
        Assert.Equal(good.Url, Assert.Single(await table.ReadAsync()).Item.Url);
    }

    [Theory]
    [InlineData(Engine.DynamoDbLocal)]
    [InlineData(Engine.Dynalite)]
    [FaultRow(76, "A summary of 5 MB, or 10,000 long tags", "The item is rejected as too large before anything is sent; its neighbours are stored.")]
    public async Task An_item_that_is_too_large_does_not_spoil_its_batch(Engine engine)
    {
        await using EngineTable table = await EngineTable.StartAsync(engine);
        DigestItem[] items = FaultScenario.Items(10);
        items[3] = items[3] with { Summary = new string('x', 5 * 1024 * 1024) };
        items[7] = items[7] with { Tags = [.. Enumerable.Range(0, 10_000).Select(n => $"a tag that is rather long, as tags go: {n}")] };

        StoreResult result = await table.StoreAsync(items);

        Assert.Equal((StoreStatus.Stored, 8, 2), (result.Status, result.Inserted, result.Rejected));
        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.ItemTooLarge, problem.Reason));
    }
}
