using DigestStore.DynamoDb;
using DigestStore.Records;
using DigestStore.Table;
using DigestStore.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DigestStore.FaultTests;

public sealed class OptionsTests
{
    private const int InvalidOptionsEvent = 300;

    [Fact]
    [FaultRow(62, "The feature flag is turned off, or on, in the middle of a store", "A running store finishes as it began; while the flag is off nothing is sent and no client is made.")]
    public async Task A_store_that_is_under_way_when_the_flag_goes_off_finishes()
    {
        var held = new TaskCompletionSource();
        await using var scenario = FaultScenario.Start(options => options.MaxConcurrency = 1);
        DigestStoreOptions on = scenario.Options;
        scenario.Server.On("BatchWriteItem").Nth(2).Answer(Fault.Hold(held.Task));

        Task<StoreResult> store = scenario.StoreAsync(FaultScenario.Items(100), notices: 1);
        await scenario.Server.Requests.ArrivalOfAsync("BatchWriteItem", 2);
        scenario.Options = Like(on, options => options.Enabled = false);

        StoreResult off = await scenario.Repository.StoreAsync(FaultScenario.Date, FaultScenario.Items(10, from: 500), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((StoreStatus.Disabled, 10, 0), (off.Status, off.Skipped, off.Cost.Requests));
        held.SetResult();

        StoreResult result = await store;
        Assert.Equal((StoreStatus.Stored, 100), (result.Status, result.Inserted));
        Assert.Equal(4, scenario.Server.Requests.CountOf("BatchWriteItem"));
        Assert.Equal(100, scenario.ServerItems().Count);
    }

    [Fact]
    [FaultRow(62, "The feature flag is turned off, or on, in the middle of a store", "A running store finishes as it began; while the flag is off nothing is sent and no client is made.")]
    public async Task While_the_flag_is_off_no_client_is_made_and_a_flag_that_goes_on_takes_effect_with_the_next_call()
    {
        using var tables = new CountingTableSource(new OwnClientSource());
        await using var scenario = FaultScenario.Start(options => options.Enabled = false, tables: tables);
        DigestStoreOptions off = scenario.Options;

        // Turned on while the disabled call reads its input.
        IEnumerable<DigestItem> Input()
        {
            foreach (DigestItem item in FaultScenario.Items(30))
            {
                scenario.Options = Like(off, options => options.Enabled = true);
                yield return item;
            }
        }

        StoreResult result = await scenario.ObserveAsync(
            FaultScenario.Items(30), () => scenario.Repository.StoreAsync(FaultScenario.Date, Input(), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal((StoreStatus.Disabled, 30, 0), (result.Status, result.Skipped, result.Cost.Requests));
        Assert.Equal(0, tables.Opened);
        Assert.Equal(0, scenario.Server.AcceptedConnections);

        Assert.Equal(StoreStatus.Stored, (await scenario.StoreAsync(FaultScenario.Items(30))).Status);
        Assert.Equal(1, tables.Opened);
    }

    [Fact]
    [FaultRow(63, "The options are reloaded in the middle of a store, to another table or to invalid values", "A running store keeps its table; an invalid reload is logged once and the last good options stay.")]
    public async Task A_store_that_is_under_way_when_the_options_change_keeps_its_table()
    {
        await using var scenario = FaultScenario.Start(options => options.MaxConcurrency = 1);
        DigestStoreOptions before = scenario.Options;
        scenario.Server.On("BatchWriteItem").Nth(2).Answer(_ =>
        {
            scenario.Options = Like(before, options => options.TableName = "digests-next");
            return Fault.None;
        });

        StoreResult result = await scenario.StoreAsync(FaultScenario.Items(100));

        Assert.Equal(StoreStatus.Stored, result.Status);
        Assert.Equal(100, scenario.ServerItems("digests").Count);
        Assert.Empty(scenario.ServerItems("digests-next"));

        Assert.Equal(StoreStatus.Stored, (await scenario.StoreAsync(FaultScenario.Items(30))).Status);
        Assert.Equal(30, scenario.ServerItems("digests-next").Count);
    }

    [Fact]
    [FaultRow(63, "The options are reloaded in the middle of a store, to another table or to invalid values", "A running store keeps its table; an invalid reload is logged once and the last good options stay.")]
    public async Task An_invalid_reload_is_logged_once_and_changes_nothing()
    {
        await using var server = ScriptedEndpoint.Start();
        using var log = new RecordingLoggerFactory();
        var values = new Dictionary<string, string?> { ["DigestStore:ServiceUrl"] = server.Uri.AbsoluteUri, ["DigestStore:TableName"] = "digests" };
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        await using ServiceProvider provider = new ServiceCollection().AddSingleton<ILoggerFactory>(log).AddDigestStore(configuration).Services.BuildServiceProvider();
        IDigestRepository repository = provider.GetRequiredService<IDigestRepository>();
        await StoreAsync(0);

        foreach ((string name, string value) in new[] { ("TableName", "?"), ("BatchSize", "many"), ("Deadline", "-00:00:01") })
        {
            int told = log.Entries.Count(entry => entry.Id.Id == InvalidOptionsEvent);
            string? good = configuration["DigestStore:" + name];
            configuration["DigestStore:" + name] = value;

            // The framework's own monitor throws at whoever reloads; the repository asks it again with the next call.
            Record.Exception(configuration.Reload);

            await StoreAsync(100 + told);
            await StoreAsync(200 + told);
            Assert.Equal(told + 1, log.Entries.Count(entry => entry.Id.Id == InvalidOptionsEvent));

            configuration["DigestStore:" + name] = good ?? (name == "BatchSize" ? "25" : "00:00:25");
            configuration.Reload();
            await StoreAsync(300 + told);
        }

        Assert.Equal(10, server.Database.Items("digests").Count(item => item["sk"]!["S"]!.GetValue<string>().StartsWith(RecordKeys.ItemPrefix, StringComparison.Ordinal)));

        async Task StoreAsync(int number) => Assert.Equal(
            StoreStatus.Stored,
            (await repository.StoreAsync(FaultScenario.Date, FaultScenario.Items(1, number), cancellationToken: TestContext.Current.CancellationToken)).Status);
    }

    [Theory]
    [InlineData("BatchSize", "99")]
    [InlineData("BatchSize", "many")]
    [InlineData("BatchSize:Items", "25")]
    [FaultRow(62, "The feature flag is turned off, or on, in the middle of a store", "A running store finishes as it began; while the flag is off nothing is sent and no client is made.")]
    [FaultRow(63, "The options are reloaded in the middle of a store, to another table or to invalid values", "A running store keeps its table; an invalid reload is logged once and the last good options stay.")]
    public async Task A_reload_that_switches_off_is_followed_though_the_rest_of_it_is_invalid(string name, string value)
    {
        await using var server = ScriptedEndpoint.Start();
        using var log = new RecordingLoggerFactory();
        var values = new Dictionary<string, string?> { ["DigestStore:ServiceUrl"] = server.Uri.AbsoluteUri, ["DigestStore:TableName"] = "digests" };
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        await using ServiceProvider provider = new ServiceCollection().AddSingleton<ILoggerFactory>(log).AddDigestStore(configuration).Services.BuildServiceProvider();
        IDigestRepository repository = provider.GetRequiredService<IDigestRepository>();
        Assert.Equal(StoreStatus.Stored, (await StoreAsync(0)).Status);
        int sent = server.Requests.Count;

        configuration["DigestStore:Enabled"] = "off";
        configuration["DigestStore:" + name] = value;
        Record.Exception(configuration.Reload);
        StoreResult off = await StoreAsync(10);

        Assert.Equal((StoreStatus.Disabled, 1, sent), (off.Status, off.Skipped, server.Requests.Count));
        Assert.Single(log.Entries, entry => entry.Id.Id == InvalidOptionsEvent);

        Task<StoreResult> StoreAsync(int number) => repository.StoreAsync(FaultScenario.Date, FaultScenario.Items(1, number), cancellationToken: TestContext.Current.CancellationToken);
    }

    public static TheoryData<string, string> Invalid { get; } = new()
    {
        { "TableName", "" },
        { "BatchSize", "0" },
        { "BatchSize", "26" },
        { "Deadline", "-00:00:01" },
        { "AttemptTimeout", "-00:00:01" },
        { "AttemptTimeout", "00:00:26" },
        { "Enabled", "fales" },
        { "ConnectTimeout", "00:00:00" },
        { "MaxAttempts", "0" },
        { "ServiceUrl", "ftp://example.com" },
        { "BatchSize", "many" },
        { "BatchSize:Items", "25" },
        { "Identity:KeptParameters:0:Name", "id" },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    [FaultRow(64, "The options are invalid at the start", "Validation tells at the start; a store that is tried all the same returns a failure, and the host lives.")]
    public async Task Options_that_are_invalid_at_the_start_are_told_and_a_store_fails(string name, string value)
    {
        using var log = new RecordingLoggerFactory();
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["DigestStore:" + name] = value }).Build();
        await using ServiceProvider provider = new ServiceCollection().AddSingleton<ILoggerFactory>(log).AddDigestStore(configuration).Services.BuildServiceProvider();

        Exception told = Assert.ThrowsAny<Exception>(provider.GetRequiredService<IStartupValidator>().Validate);
        Assert.Contains(name.Split(':')[0], told.ToString(), StringComparison.Ordinal);

        StoreResult result = await provider.GetRequiredService<IDigestRepository>()
            .StoreAsync(FaultScenario.Date, FaultScenario.Items(30), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((StoreStatus.Failed, 30, 0), (result.Status, result.Failed, result.Cost.Requests));
        Assert.All(result.Problems, problem => Assert.Equal(StoreProblemReason.Misconfigured, problem.Reason));
        Assert.Equal(2, log.Entries.Count);
        Assert.Single(log.Entries, entry => entry.Id.Id == InvalidOptionsEvent);
    }

    private static DigestStoreOptions Like(DigestStoreOptions given, Action<DigestStoreOptions> change)
    {
        var copy = new DigestStoreOptions
        {
            ServiceUrl = given.ServiceUrl,
            TableName = given.TableName,
            MaxConcurrency = given.MaxConcurrency,
            Deadline = given.Deadline,
            AttemptTimeout = given.AttemptTimeout,
        };
        change(copy);
        return copy;
    }

    private sealed class CountingTableSource(ITableSource inner) : ITableSource
    {
        public int Opened { get; private set; }

        public IDigestTable Open(DigestStoreOptions options)
        {
            Opened++;
            return inner.Open(options);
        }

        public void Dispose() => inner.Dispose();
    }
}
