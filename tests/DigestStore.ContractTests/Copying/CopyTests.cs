using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.DynamoDb;
using DigestStore.Records;
using DigestStore.Testing;

namespace DigestStore.ContractTests.Copying;

/// <summary>Days go from memory into a real engine and back into another memory, and no byte of a record is lost on the way.</summary>
public sealed class CopyTests
{
    private static readonly DateOnly Day = new(2026, 11, 21);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Engines { get; } = ["DynamoDB Local", "the library's own client", "dynalite"];

    [Theory]
    [MemberData(nameof(Engines))]
    public Task Every_kind_of_record_survives_the_way_through_an_engine(string kind) => WithEngineAsync(kind, async engine =>
    {
        var storage = new InMemoryDigestStorage();
        using var from = new InMemoryDigestRepository(storage: storage);
        await FillAsync(from, storage);

        DigestCopyResult there = await DigestCopy.RunAsync(from, engine, Day, Day.AddDays(5), cancellationToken: Token);
        Assert.Equal((6, 0), (there.Copied, there.DatesWithoutRecords));

        var back = new InMemoryDigestStorage();
        using var to = new InMemoryDigestRepository(storage: back);
        DigestCopyResult home = await DigestCopy.RunAsync(engine, to, Day, Day.AddDays(5), cancellationToken: Token);
        Assert.Equal((6, true), (home.Copied, home.IsComplete));

        // The day that is being sent is the one that arrives changed; and at the second place it is unchanged.
        Assert.Equal(Dump(storage, exceptDay: 2), Dump(back, exceptDay: 2));
        Assert.Equal(DeliveryStatus.Failed, (await to.GetDeliveryAsync(Day.AddDays(2), Token))!.Status);

        // Nothing is left to copy in either direction; the lease of the source is its own.
        Assert.Equal(6, (await DigestCopy.RunAsync(from, engine, Day, Day.AddDays(5), cancellationToken: Token)).AlreadyEqual);
        DigestCopyResult backwards = await DigestCopy.RunAsync(to, from, Day, Day.AddDays(5), cancellationToken: Token);
        Assert.Equal((5, 1, 0d), (backwards.AlreadyEqual, backwards.Kept, backwards.TargetCost.WriteUnits));
        Assert.Equal(DigestCopyKept.Held, backwards.Days[2].KeptBecause);
    });

    [Theory]
    [MemberData(nameof(Engines))]
    public Task What_both_have_is_merged_on_an_engine_as_in_memory(string kind) => WithEngineAsync(kind, async engine =>
    {
        using var from = new InMemoryDigestRepository();
        using var twin = new InMemoryDigestRepository();
        await from.StoreAsync(Day, Items(0, 40), cancellationToken: Token);
        await from.DeliverAsync(Day, Items(0, 40), static (_, _) => throw new DeliveryFailedException(DeliveryFailureKind.Uncertain, "x"), cancellationToken: Token);
        foreach (DigestRepositoryBase target in (DigestRepositoryBase[])[engine, twin])
        {
            await target.StoreAsync(Day, Items(30, 30), cancellationToken: Token);
            await target.DeliverAsync(Day, Items(30, 30), static (_, _) => Task.FromResult(new DeliveryReceipt()), cancellationToken: Token);
        }

        DigestCopyDay onEngine = Assert.Single((await DigestCopy.RunAsync(from, engine, Day, Day, cancellationToken: Token)).Days);
        DigestCopyDay inMemory = Assert.Single((await DigestCopy.RunAsync(from, twin, Day, Day, cancellationToken: Token)).Days);

        Assert.Equal(inMemory, onEngine);
        Assert.Equal((DigestCopyKept.Delivered, 30, 10), (onEngine.KeptBecause, onEngine.ItemsCopied, onEngine.ItemsKept));
        Assert.Equal(60, (await engine.GetAsync(Day, Token)).Count);
        Assert.Equal(60, (await engine.FindSentAsync(Day.AddDays(1), [.. Items(0, 60).Select(static item => item.Url)], 5, Token)).Sent.Count);
    });

    private static DigestItem[] Items(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(static number => new DigestItem { Url = string.Create(CultureInfo.InvariantCulture, $"https://example.org/{number}"), Title = $"Über {number}" })];

    // Days 0 to 5: delivered, abandoned, being sent, deleted, only stored, and with a manifest of two parts.
    private static async Task FillAsync(InMemoryDigestRepository store, InMemoryDigestStorage storage)
    {
        foreach (int day in (int[])[0, 1, 2, 3, 4])
        {
            await store.StoreAsync(Day.AddDays(day), Items(0, 60), cancellationToken: Token);
        }

        await store.StoreAsync(Day, [Items(0, 1)[0] with { Summary = "changed", Tags = ["t"], Metadata = new Dictionary<string, string> { ["k"] = "v" } }], cancellationToken: Token);
        await store.DeliverAsync(Day, Items(0, 60), static (_, _) => Task.FromResult(new DeliveryReceipt()), cancellationToken: Token);
        await store.DeliverAsync(Day.AddDays(1), Items(0, 60), static (_, _) => throw new DeliveryFailedException(DeliveryFailureKind.Permanent, "x"), cancellationToken: Token);
        await store.AnnounceAsync(await store.AcquireAsync(Day.AddDays(2), cancellationToken: Token), Items(0, 60), Token);
        await store.DeleteDayAsync(Day.AddDays(3), Token);
        await store.DeliverAsync(Day.AddDays(5), Items(0, 24_100), static (_, _) => Task.FromResult(new DeliveryReceipt()), cancellationToken: Token);

        // What other programs have added: every type, names that are no words, and a record of their own.
        storage.With("digests", RecordKeys.Partition("daily", Day), records =>
        {
            foreach (string sortKey in records.Keys.Take(3).ToArray())
            {
                records[sortKey] = new Dictionary<string, AttributeValue>(records[sortKey], StringComparer.Ordinal)
                {
                    ["their own"] = new() { B = new MemoryStream([0, 1, 255]) },
                    ["their.own"] = new() { NS = ["1", "2.5"] },
                    ["ihr-eigenes ü"] = new() { M = new() { ["l"] = new() { L = [new() { BOOL = true }, new() { NULL = true }, new() { S = "x" }] } } },
                    ["sets"] = new() { SS = ["b", "a"] },
                    ["bytes"] = new() { BS = [new MemoryStream([2]), new MemoryStream([1])] },
                    ["number"] = new() { N = "-12345678901234567890.5" },
                };
            }

            records["NOTE"] = new Dictionary<string, AttributeValue>(StringComparer.Ordinal)
            {
                ["pk"] = new() { S = RecordKeys.Partition("daily", Day) },
                ["sk"] = new() { S = "NOTE" },
                ["0"] = new() { S = "theirs" },
            };
            return 0;
        });
    }

    // All records as canonical JSON: names and members of sets in order.
    private static List<string> Dump(InMemoryDigestStorage storage, int exceptDay)
    {
        var lines = new List<string>();
        foreach (int day in Enumerable.Range(0, 6).Where(day => day != exceptDay))
        {
            storage.With("digests", RecordKeys.Partition("daily", Day.AddDays(day)), records => Add(records.Values));
        }

        storage.With("digests", RecordKeys.Sent("daily"), records => Add(records.Values));
        return lines;

        int Add(IEnumerable<Dictionary<string, AttributeValue>> records)
        {
            lines.AddRange(records.Select(static record => Json(new AttributeValue { M = record }).ToJsonString()));
            return 0;
        }
    }

    private static JsonNode Json(AttributeValue value) => value switch
    {
        { IsMSet: true } => new JsonObject(value.M.OrderBy(static member => member.Key, StringComparer.Ordinal).Select(static member => KeyValuePair.Create<string, JsonNode?>(member.Key, Json(member.Value)))),
        { IsLSet: true } => new JsonArray([.. value.L.Select(Json)]),
        { SS: { Count: > 0 } texts } => new JsonObject { ["SS"] = string.Join('|', texts.Order(StringComparer.Ordinal)) },
        { NS: { Count: > 0 } numbers } => new JsonObject { ["NS"] = string.Join('|', numbers.Order(StringComparer.Ordinal)) },
        { BS: { Count: > 0 } blobs } => new JsonObject { ["BS"] = string.Join('|', blobs.Select(static blob => Convert.ToHexString(blob.ToArray())).Order(StringComparer.Ordinal)) },
        { B: { } bytes } => new JsonObject { ["B"] = Convert.ToHexString(bytes.ToArray()) },
        _ => new JsonObject { ["S"] = value.S, ["N"] = value.N, ["BOOL"] = value.BOOL, ["NULL"] = value.NULL },
    };

    private static async Task WithEngineAsync(string kind, Func<DigestRepository, Task> test)
    {
        Uri address = kind == "dynalite" ? DigestStore.TestSupport.Engines.Dynalite : DigestStore.TestSupport.Engines.DynamoDbLocal;
        var options = new DigestStoreOptions { TableName = "copy-" + Guid.NewGuid().ToString("N"), ServiceUrl = address.AbsoluteUri, ReadDeadline = TimeSpan.FromMinutes(1), AttemptTimeout = TimeSpan.FromSeconds(25) };
        using IAmazonDynamoDB client = DigestStore.TestSupport.Engines.CreateClient(address);
        await DigestTable.EnsureCreatedAsync(client, options, Token);
        try
        {
            using DigestRepository repository = kind == "the library's own client"
                ? new DigestRepository(new OwnClientSource(), () => options)
                : new DigestRepository(client, options);
            await test(repository);
        }
        finally
        {
            await client.DeleteTableAsync(options.TableName, CancellationToken.None);
        }
    }
}
