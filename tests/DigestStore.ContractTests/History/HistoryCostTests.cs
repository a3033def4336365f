using System.Globalization;
using Amazon.DynamoDBv2;
using DigestStore.Calls;
using DigestStore.Configuration;
using DigestStore.DynamoDb;
using DigestStore.Manifests;
using DigestStore.Resilience;
using DigestStore.Table;
using DigestStore.Telemetry;
using DigestStore.Testing;
using DigestStore.TestSupport;

namespace DigestStore.ContractTests.History;

/// <summary>What the calls of the history cost, in requests and read units, on every engine.</summary>
public sealed class HistoryCostTests
{
    private static readonly DateOnly Today = new(2026, 11, 28);

    public static TheoryData<string> Tables { get; } = ["in memory", "DynamoDB Local", "the library's own client", "dynalite"];

    [Theory]
    [MemberData(nameof(Tables))]
    public Task Two_hundred_links_against_thirty_days_are_one_request_of_at_most_thirty_units(string kind) => WithStoreAsync(kind, async store =>
    {
        await store.AnnounceAsync(days: 30, items: 200);

        Cost cost = await store.MeasureAsync(async () =>
        {
            SentLookup lookup = await store.Repository.FindSentAsync(Today, [.. Enumerable.Range(100, 200).Select(static number => UrlOf(-1, number))], 30, TestContext.Current.CancellationToken);
            Assert.Equal(100, lookup.Sent.Count);
        });

        Assert.Equal((1, 1), (cost.Requests, cost.Queries));
        Assert.InRange(cost.ReadUnits, 20, 30);
    });

    [Theory]
    [InlineData("in memory")]
    [InlineData("DynamoDB Local")]
    public Task Five_hundred_links_against_a_year_are_at_most_four_requests(string kind) => WithStoreAsync(kind, async store =>
    {
        await store.AnnounceAsync(days: 365, items: 500);

        Cost cost = await store.MeasureAsync(async () =>
        {
            SentLookup lookup = await store.Repository.FindSentAsync(Today, [.. Enumerable.Range(250, 500).Select(static number => UrlOf(-365, number))], 365, TestContext.Current.CancellationToken);
            Assert.Equal(250, lookup.Sent.Count);
        });

        Assert.InRange(cost.Requests, 1, 4);
        Assert.Equal(cost.Requests, cost.Queries);
    });

    [Theory]
    [MemberData(nameof(Tables))]
    public Task A_year_is_listed_in_four_requests(string kind) => WithStoreAsync(kind, async store =>
    {
        await store.StoreAsync(-1, -200, -364);

        Cost cost = await store.MeasureAsync(async () => Assert.Equal(3, await store.Repository.ListDaysAsync(Today.AddDays(-364), Today).CountAsync(TestContext.Current.CancellationToken)));

        Assert.Equal((4, 4), (cost.Requests, cost.Lookups));
    });

    [Theory]
    [MemberData(nameof(Tables))]
    public Task A_page_over_a_year_is_eight_requests_and_one_more_for_each_day_of_other_rules(string kind) => WithStoreAsync(kind, async store =>
    {
        await store.StoreAsync(-1, -200, -364);
        Cost cost = await store.MeasureAsync(async () => Assert.Equal(3, await store.Repository.FindAllAsync(UrlOf(0, 0), Today.AddDays(-364), Today).CountAsync(TestContext.Current.CancellationToken)));
        Assert.Equal((8, 8), (cost.Requests, cost.Lookups));

        DigestRepository strict = store.WithRules(static rules => rules.DropFragment = false);
        cost = await store.MeasureAsync(async () => Assert.Equal(3, await strict.FindAllAsync(UrlOf(0, 0), Today.AddDays(-364), Today).CountAsync(TestContext.Current.CancellationToken)));
        Assert.Equal((11, 8, 3), (cost.Requests, cost.Lookups, cost.Queries));
    });

    [Theory]
    [MemberData(nameof(Tables))]
    public Task Thirty_days_are_read_in_thirty_requests(string kind) => WithStoreAsync(kind, async store =>
    {
        await store.StoreAsync(-1, -15, -29);

        Cost cost = await store.MeasureAsync(async () => Assert.Equal(3, await store.Repository.ReadDaysAsync(Today.AddDays(-29), Today).CountAsync(TestContext.Current.CancellationToken)));
        Cost statistics = await store.MeasureAsync(async () => Assert.Equal(3, (await store.Repository.GetStatisticsAsync(Today.AddDays(-29), Today, TestContext.Current.CancellationToken)).Days));

        Assert.Equal((30, 30), (cost.Requests, cost.Queries));
        Assert.Equal((30, 30), (statistics.Requests, statistics.Queries));
    });

    // Eight batches of deletions; what is there, the manifest, the lease, a look whether more has come, the manifest again, and the end.
    [Theory]
    [MemberData(nameof(Tables))]
    public Task A_day_of_two_hundred_items_is_deleted_in_fourteen_requests(string kind) => WithStoreAsync(kind, async store =>
    {
        DigestItem[] items = [.. Enumerable.Range(0, 200).Select(static number => new DigestItem { Url = UrlOf(0, number), Title = "x" })];
        await store.Repository.StoreAsync(Today, items, cancellationToken: TestContext.Current.CancellationToken);

        Cost cost = await store.MeasureAsync(async () => Assert.Equal(200, (await store.Repository.DeleteDayAsync(Today, TestContext.Current.CancellationToken)).ItemsDeleted));

        Assert.Equal((14, 4), (cost.Requests, cost.Queries));
    });

    private static string UrlOf(int day, int number) => string.Create(CultureInfo.InvariantCulture, $"https://example.org/{-day}/{number}");

    private static async Task WithStoreAsync(string kind, Func<Store, Task> test)
    {
        string name = "history-" + Guid.NewGuid().ToString("N");
        if (kind == "in memory")
        {
            using var inMemory = new Store(new MemorySource(), new DigestStoreOptions { TableName = name });
            await test(inMemory);
            return;
        }

        Uri engine = kind == "dynalite" ? Engines.Dynalite : Engines.DynamoDbLocal;
        var options = new DigestStoreOptions { TableName = name, ServiceUrl = engine.AbsoluteUri, ReadDeadline = TimeSpan.FromMinutes(1), AttemptTimeout = TimeSpan.FromSeconds(25) };
        using IAmazonDynamoDB client = Engines.CreateClient(engine);
        await DigestTable.EnsureCreatedAsync(client, options, TestContext.Current.CancellationToken);
        try
        {
            using var store = new Store(kind == "the library's own client" ? new OwnClientSource(readsPages: true) : new InjectedClientSource(client), options);
            await test(store);
        }
        finally
        {
            await client.DeleteTableAsync(name, CancellationToken.None);
        }
    }

    private sealed record Cost(int Requests, int Queries, int Lookups, double ReadUnits);

    private sealed class Store : IDisposable
    {
        private readonly ITableSource _source;
        private readonly DigestStoreOptions _options;
        private readonly MeterRecorder _meters = new();

        public Store(ITableSource source, DigestStoreOptions options)
        {
            (_source, _options) = (source, options);
            Repository = new DigestRepository(source, () => options, new DigestStoreServices { MeterFactory = _meters });
        }

        public DigestRepository Repository { get; }

        public DigestRepository WithRules(Action<UrlIdentityOptions> change)
        {
            DigestStoreOptions options = _options.Copy();
            change(options.Identity);
            return new DigestRepository(_source, () => options, new DigestStoreServices { MeterFactory = _meters });
        }

        public async Task StoreAsync(params int[] days)
        {
            foreach (int day in days)
            {
                StoreResult result = await Repository.StoreAsync(Today.AddDays(day), [new DigestItem { Url = UrlOf(0, 0), Title = "x" }], cancellationToken: TestContext.Current.CancellationToken);
                result.EnsureStored();
            }
        }

        // Writes the manifests alone, as days have them whose items have expired.
        public async Task AnnounceAsync(int days, int items)
        {
            // A recording of requests notes them as those of the method that makes them for a caller.
            _ = Spans.Start("digest.deliver", DeliveryCall.Announce);
            StoreSettings settings = StoreSettings.From(_options);
            using var scope = new CallScope(TimeProvider.System, TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
            var gateway = new TableGateway(new OpenedTable(_source.Open(_options)), scope, settings, new CircuitBreaker(TimeProvider.System), new Instruments(null));
            var manifests = new ManifestTable(gateway, settings);
            foreach (int day in Enumerable.Range(1, days))
            {
                DigestItemId[] ids = [.. Enumerable.Range(0, items).Select(number => DigestItemId.Create(UrlOf(-day, number)))];
                Assert.Equal(ManifestOutcome.Applied, (await manifests.AnnounceAsync(Today.AddDays(-day), 1, "m", ids, seen: null)).Outcome);
                Assert.Equal(ManifestOutcome.Applied, (await manifests.ConfirmAsync(Today.AddDays(-day), 1, "m")).Outcome);
            }
        }

        public async Task<Cost> MeasureAsync(Func<Task> act)
        {
            _meters.Measurements.Clear();
            await act();
            var cost = new Cost(
                (int)_meters.Sum("digeststore.requests"),
                (int)_meters.Sum("digeststore.requests", "operation=Query"),
                (int)_meters.Sum("digeststore.requests", "operation=BatchGetItem"),
                _meters.Sum("digeststore.consumed_capacity"));
            TestContext.Current.TestOutputHelper?.WriteLine(cost.ToString());
            return cost;
        }

        public void Dispose()
        {
            Repository.Dispose();
            _meters.Dispose();
        }
    }

    private sealed class MemorySource : ITableSource
    {
        private readonly InMemoryTable _table = new(new InMemoryDigestStorage());

        public IDigestTable Open(DigestStoreOptions options) => _table;

        public void Dispose()
        {
        }
    }
}
