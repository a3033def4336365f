using Amazon.DynamoDBv2.Model;

namespace DigestStore.FaultTests;

public sealed class TolerantReaderTests
{
    private const string HugeNumber = "99999999999999999999999999999999999999";

    [Theory]
    [InlineData(Engine.DynamoDbLocal)]
    [InlineData(Engine.Dynalite)]
    [FaultRow(77, "Records hold NaN as text, negative numbers or such of 38 digits (DynamoDB's most) where the library has small ones", "The item is read with what makes sense of it; a version that is no number of ours is counted as unreadable.")]
    public async Task Numbers_that_make_no_sense_do_not_hide_an_item(Engine engine)
    {
        await using EngineTable table = await EngineTable.StartAsync(engine);
        await table.PutAsync(Key(1), Record(1, ("revision", Number(HugeNumber)), ("ordinal", Number("-5")), ("expiresAt", Number(HugeNumber))));
        await table.PutAsync(Key(2), Record(2, ("revision", new AttributeValue("NaN")), ("ordinal", new AttributeValue("x")), ("expiresAt", new AttributeValue("NaN"))));
        await table.PutAsync(Key(3), Record(3, ("v", Number(HugeNumber))));
        await table.PutAsync(Key(4), Record(4, ("v", new AttributeValue("NaN"))));

        Digest digest = await table.ReadAsync();

        Assert.Equal((2, 2), (digest.Count, digest.Unreadable));
        Assert.All(digest, item => Assert.Equal((1, 0, null), (item.Revision, item.Ordinal, item.ExpiresAt)));
    }

    [Theory]
    [InlineData(Engine.DynamoDbLocal)]
    [InlineData(Engine.Dynalite)]
    [FaultRow(81, "Records lack attributes, have unknown ones, others of another type, an older or a newer version", "What makes an item is read; the rest is counted as unreadable, never hidden, and unknown attributes stay.")]
    public async Task Records_of_other_hands_are_read_as_far_as_they_go(Engine engine)
    {
        await using EngineTable table = await EngineTable.StartAsync(engine);
        await table.PutAsync(Key(1), Record(1, ("extra", new AttributeValue("theirs"))));
        await table.PutAsync(Key(2), Record(2, ("tags", new AttributeValue("no list")), ("metadata", Number("1")), ("publishedAt", Number("1"))));
        Dictionary<string, AttributeValue> old = Record(3);
        old.Remove("v");
        await table.PutAsync(Key(3), old);
        await table.PutAsync(Key(4), Record(4, ("title", Number("4"))));
        await table.PutAsync(Key(5), Record(5, ("createdAt", new AttributeValue("yesterday"))));
        await table.PutAsync(Key(6), Record(6, ("v", Number("2"))));
        await table.PutAsync("SOMETHING#ELSE", []);

        Digest digest = await table.ReadAsync();

        Assert.Equal(3, digest.Count);
        Assert.Equal(4, digest.Unreadable);
        Assert.All(digest, item => Assert.Empty(item.Item.Tags));
    }

    [Theory]
    [InlineData(Engine.DynamoDbLocal)]
    [InlineData(Engine.Dynalite)]
    [FaultRow(83, "Nothing is stored for a date, or its header has a malformed date", "An empty digest; the header is no item, and the next store mends it.")]
    public async Task A_malformed_header_does_not_disturb_reading_or_storing(Engine engine)
    {
        await using EngineTable table = await EngineTable.StartAsync(engine);
        Assert.Empty(await table.ReadAsync());
        await table.PutAsync("HEADER", new() { ["date"] = new AttributeValue("the 32nd"), ["v"] = Number("1"), ["nextOrdinal"] = Number("0") });

        Assert.Equal((0, 0), (await table.ReadAsync() is var empty ? empty.Count : -1, empty.Unreadable));
        StoreResult result = await table.StoreAsync(FaultScenario.Items(3));

        Assert.Equal((StoreStatus.Stored, 3), (result.Status, result.Inserted));
        Assert.Empty(result.Problems);
        Assert.Equal("2026-11-21", (await table.RecordsAsync())[0]["date"].S);
    }

    [Theory]
    [InlineData(Engine.DynamoDbLocal)]
    [InlineData(Engine.Dynalite)]
    [FaultRow(98, "Compare meets expired records, records of a newer version, and unknown attributes", "Expired counts as absent, a newer record is never overwritten, unknown attributes survive an update.")]
    public async Task Compare_respects_what_it_does_not_know(Engine engine)
    {
        await using EngineTable table = await EngineTable.StartAsync(engine);
        DigestItem[] items = FaultScenario.Items(3);
        await table.PutAsync(Key(items[0]), Record(items[0], ("expiresAt", Number("1000000000")), ("revision", Number("7"))));
        await table.PutAsync(Key(items[1]), Record(items[1], ("v", Number("2"))));
        await table.PutAsync(Key(items[2]), Record(items[2], ("extra", new AttributeValue("theirs")), ("revision", Number("7"))));

        StoreResult result = await table.StoreAsync(items);

        Assert.Equal([DigestItemOutcome.Inserted, DigestItemOutcome.Failed, DigestItemOutcome.Updated], result.Outcomes);
        Assert.Equal(StoreProblemReason.NewerSchema, Assert.Single(result.Problems).Reason);
        Dictionary<string, Dictionary<string, AttributeValue>> records = (await table.ItemsAsync()).ToDictionary(record => record["sk"].S);
        Assert.Equal("1", records[Key(items[0])]["revision"].N);
        Assert.Equal("2", records[Key(items[1])]["v"].N);
        Assert.Equal(("8", "theirs"), (records[Key(items[2])]["revision"].N, records[Key(items[2])]["extra"].S));
    }

    private static string Key(int n) => Key(FaultScenario.Items(1, from: n)[0]);

    private static string Key(DigestItem item) => DigestItemId.TryCreate(item.Url, out DigestItemId id) ? "ITEM#" + id : throw new ArgumentException("no id", nameof(item));

    private static Dictionary<string, AttributeValue> Record(int n, params (string Name, AttributeValue Value)[] others) => Record(FaultScenario.Items(1, from: n)[0], others);

    private static Dictionary<string, AttributeValue> Record(DigestItem item, params (string Name, AttributeValue Value)[] others)
    {
        var record = new Dictionary<string, AttributeValue>
        {
            ["v"] = Number("1"),
            ["url"] = new(item.Url),
            ["canonicalUrl"] = new(item.Url),
            ["title"] = new("an older title"),
            ["createdAt"] = new("2026-11-01T00:00:00.0000000Z"),
        };
        foreach ((string name, AttributeValue value) in others)
        {
            record[name] = value;
        }

        return record;
    }

    private static AttributeValue Number(string digits) => new() { N = digits };
}
