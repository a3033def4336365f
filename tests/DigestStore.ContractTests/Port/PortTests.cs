using Amazon.DynamoDBv2;
using DigestStore.DynamoDb;
using DigestStore.Records;
using DigestStore.Sqlite;
using DigestStore.Table;
using DigestStore.Testing;
using DigestStore.TestSupport;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.ContractTests.Port;

/// <summary>What the port promises beyond a day: partitions of any kind, the index by-status, keys of several partitions.</summary>
public sealed class PortTests
{
    private const string Manifests = "SENT#daily";

    private static Attempt Attempt => new(TestContext.Current.CancellationToken);

    public static TheoryData<string> Tables { get; } = ["in memory", "in a file", "DynamoDB Local", "the library's own client", "dynalite"];

    [Theory]
    [MemberData(nameof(Tables))]
    public Task A_range_of_sort_keys_has_its_ends_and_nothing_beyond(string kind) => WithTableAsync(kind, async (table, name) =>
    {
        await AddAsync(table, name, [.. Days(1, 9).Select(static day => new RecordKey(Manifests, day))]);
        await AddAsync(table, name, new RecordKey("SENT#other", Day(4)));
        var partition = new PageRequest(name, Manifests, Consistent: true);

        Assert.Equal(Days(1, 9), await SortKeysAsync(table, partition));
        Assert.Equal(Days(3, 5), await SortKeysAsync(table, partition with { From = Day(3), To = Day(5) }));
        Assert.Equal(Days(8, 9), await SortKeysAsync(table, partition with { From = Day(8) }));
        Assert.Equal(Days(1, 2), await SortKeysAsync(table, partition with { To = Day(2) }));
        Assert.Equal([Day(5), Day(4), Day(3)], await SortKeysAsync(table, partition with { From = Day(3), To = Day(5), IsDescending = true }));
        Assert.Empty(await SortKeysAsync(table, partition with { PartitionKey = "SENT#none" }));
    });

    [Theory]
    [MemberData(nameof(Tables))]
    public Task A_limited_page_says_where_the_next_begins_in_either_direction(string kind) => WithTableAsync(kind, async (table, name) =>
    {
        await AddAsync(table, name, [.. Days(1, 5).Select(static day => new RecordKey(Manifests, day))]);
        var partition = new PageRequest(name, Manifests, Consistent: true) { Limit = 2 };

        PageReply first = await QueryAsync(table, partition with { IsDescending = true });

        Assert.Equal([Day(5), Day(4)], SortKeys(first));
        Assert.Equal((Day(4), null), (first.Next, first.NextRecord));
        Assert.Equal([Day(3), Day(2)], SortKeys(await QueryAsync(table, partition with { IsDescending = true, After = first.Next })));
        Assert.Equal([Day(2), Day(3)], SortKeys(await QueryAsync(table, partition with { After = Day(1) })));
    });

    // An ordinal comparison of .NET's strings would put the emoji before the full-width tilde.
    [Theory]
    [MemberData(nameof(Tables))]
    public Task Sort_keys_come_in_the_order_of_their_bytes_in_UTF_8(string kind) => WithTableAsync(kind, async (table, name) =>
    {
        string[] ordered = ["A", "a", "a\0", "aa", "z", "é", "\u2603", "\uFF5E", "\U0001F600", "\U0001F600\uFF5E", "\U0001F601"];
        await AddAsync(table, name, [.. ordered.Reverse().Select(static key => new RecordKey(Manifests, key))]);
        var partition = new PageRequest(name, Manifests, Consistent: true);

        Assert.Equal(ordered, await SortKeysAsync(table, partition));
        Assert.Equal(ordered.Reverse(), await SortKeysAsync(table, partition with { IsDescending = true }));

        // dynalite compares the two ends of a range as JavaScript's strings, and refuses this one.
        if (kind != "dynalite")
        {
            Assert.Equal(["\uFF5E", "\U0001F600"], await SortKeysAsync(table, partition with { From = "\uFF5E", To = "\U0001F600" }));
        }

        Assert.Equal(["\U0001F600", "\U0001F600\uFF5E", "\U0001F601"], await SortKeysAsync(table, partition with { After = "\uFF5E" }));
    });

    [Theory]
    [MemberData(nameof(Tables))]
    public Task Headers_of_one_status_are_found_in_the_index_newest_first_and_page_by_page(string kind) => WithTableAsync(kind, async (table, name) =>
    {
        foreach (int day in Enumerable.Range(1, 5))
        {
            await ChangeStatusAsync(table, name, day, day == 3 ? DeliveryStatus.Delivered : DeliveryStatus.Pending);
        }

        var request = new PageRequest(name, RecordKeys.StatusIndex("daily", "pending"), Consistent: false) { IsByStatus = true, IsDescending = true, Limit = 2 };
        PageReply first = await QueryAsync(table, request);
        PageReply second = await QueryAsync(table, request with { After = first.Next, AfterRecord = first.NextRecord });

        Assert.Equal([PartitionOf(5).Key, PartitionOf(4).Key], first.Records.Select(static record => record.Key.PartitionKey));
        Assert.Equal([PartitionOf(2).Key, PartitionOf(1).Key], second.Records.Select(static record => record.Key.PartitionKey));
        Assert.Equal((Day(4), new RecordKey(PartitionOf(4).Key, RecordKeys.Header)), (first.Next, first.NextRecord));
        Assert.Equal("pending", first.Records[0].Text(N.Status));
        Assert.Equal([Day(2), Day(4)], (await QueryAsync(table, request with { IsDescending = false, From = Day(2), To = Day(4) })).Records.Select(static record => record.Text(N.StatusIndexSk)));
    });

    [Theory]
    [MemberData(nameof(Tables))]
    public Task A_header_moves_in_the_index_with_its_status(string kind) => WithTableAsync(kind, async (table, name) =>
    {
        await ChangeStatusAsync(table, name, 1, DeliveryStatus.Pending);
        await ChangeStatusAsync(table, name, 1, DeliveryStatus.Delivered);

        Assert.Empty((await QueryAsync(table, new PageRequest(name, RecordKeys.StatusIndex("daily", "pending"), Consistent: false) { IsByStatus = true })).Records);
        Assert.Single((await QueryAsync(table, new PageRequest(name, RecordKeys.StatusIndex("daily", "delivered"), Consistent: false) { IsByStatus = true })).Records);
    });

    [Theory]
    [MemberData(nameof(Tables))]
    public Task The_index_is_never_read_consistently(string kind) => WithTableAsync(kind, async (table, name) =>
    {
        PageReply page = await table.QueryAsync(new PageRequest(name, "STATUS#daily#pending", Consistent: true) { IsByStatus = true }, Attempt);

        Assert.Equal(FaultKind.Invalid, page.Fault?.Kind);
    });

    [Theory]
    [MemberData(nameof(Tables))]
    public Task A_hundred_keys_of_as_many_partitions_are_one_look_up(string kind) => WithTableAsync(kind, async (table, name) =>
    {
        RecordKey[] there = [.. Enumerable.Range(0, 50).Select(static number => new RecordKey($"DIGEST#daily#{number}", RecordKeys.Header))];
        await AddAsync(table, name, there);
        RecordKey[] missing = [.. there.Select(static key => key with { SortKey = "NOTE" })];

        LookupReply reply = await table.LookupAsync(new LookupRequest(name, [.. there, .. missing], Consistent: true), Attempt);
        LookupReply tooMany = await table.LookupAsync(new LookupRequest(name, [.. there, .. missing, new RecordKey("x", "y")], Consistent: true), Attempt);
        LookupReply twice = await table.LookupAsync(new LookupRequest(name, [there[0], there[0]], Consistent: true), Attempt);

        Assert.Null(reply.Fault);
        Assert.Equal(there.OrderBy(static key => key.PartitionKey, StringComparer.Ordinal), reply.Records.Select(static record => record.Key).OrderBy(static key => key.PartitionKey, StringComparer.Ordinal));
        Assert.Equal((FaultKind.Invalid, FaultKind.Invalid), (tooMany.Fault?.Kind, twice.Fault?.Kind));
    });

    private static string Day(int day) => RecordKeys.Date(DateOf(day));

    private static IEnumerable<string> Days(int first, int last) => Enumerable.Range(first, last - first + 1).Select(Day);

    private static DateOnly DateOf(int day) => new(2026, 11, day);

    private static Partition PartitionOf(int day) => new("", "daily", DateOf(day));

    private static async Task ChangeStatusAsync(IDigestTable table, string name, int day, DeliveryStatus status)
    {
        Partition partition = PartitionOf(day);
        var update = new RecordUpdate(name, new RecordKey(partition.Key, RecordKeys.Header)) { Changes = [.. HeaderStatus.Set(partition, status)] };
        Assert.Null((await table.UpdateAsync(update, Attempt)).Fault);
    }

    private static async Task AddAsync(IDigestTable table, string name, params RecordKey[] keys)
    {
        foreach (RecordKey key in keys)
        {
            Assert.Null((await table.UpdateAsync(new RecordUpdate(name, key) { Changes = [new AttributeChange.Add("n", 1)] }, Attempt)).Fault);
        }
    }

    private static async Task<PageReply> QueryAsync(IDigestTable table, PageRequest request)
    {
        PageReply page = await table.QueryAsync(request, Attempt);
        Assert.Null(page.Fault);
        return page;
    }

    private static async Task<List<string>> SortKeysAsync(IDigestTable table, PageRequest request) => SortKeys(await QueryAsync(table, request));

    private static List<string> SortKeys(PageReply page) => [.. page.Records.Select(static record => record.Key.SortKey)];

    private static async Task WithTableAsync(string kind, Func<IDigestTable, string, Task> test)
    {
        string name = "port-" + Guid.NewGuid().ToString("N");
        if (kind == "in memory")
        {
            await test(new InMemoryTable(new InMemoryDigestStorage()), name);
            return;
        }

        if (kind == "in a file")
        {
            string folder = Directory.CreateTempSubdirectory("digeststore-port-").FullName;
            using (var source = new SqliteTableSource(Path.Combine(folder, "digests.db")))
            {
                await test(source.Open(new DigestStoreOptions()), name);
            }

            Directory.Delete(folder, recursive: true);
            return;
        }

        Uri engine = kind == "dynalite" ? Engines.Dynalite : Engines.DynamoDbLocal;
        var options = new DigestStoreOptions { TableName = name, ServiceUrl = engine.AbsoluteUri };
        using IAmazonDynamoDB client = Engines.CreateClient(engine);
        using var ownClient = new OwnClientSource(readsPages: true);
        await DigestTable.EnsureCreatedAsync(client, options, TestContext.Current.CancellationToken);
        try
        {
            await test(kind == "the library's own client" ? ownClient.Open(options) : new DynamoDbTable(client), name);
        }
        finally
        {
            await client.DeleteTableAsync(name, CancellationToken.None);
        }
    }
}
