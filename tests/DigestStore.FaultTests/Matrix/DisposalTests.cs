using Amazon.DynamoDBv2;
using DigestStore.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DigestStore.FaultTests;

/// <summary>Repositories and clients that are disposed while they are in use, or before.</summary>
public sealed class DisposalTests
{
    private const string InUse = "The repository is disposed after the first 100 of 3,000 items";
    private const string InUsePromise = "What was under way is unknown, the rest was not sent and says so, the sink gets both, and no request follows.";
    private const string Gone = "The host has disposed of the client that it handed in";
    private const string GonePromise = "Every operation names that as its reason; the database is not blamed.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [FaultRow(59, InUse, InUsePromise)]
    public async Task What_is_claimed_after_a_disposal_is_true(bool streamed, bool isHandedIn)
    {
        var sink = new CollectingSink();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FaultScenario scenario = isHandedIn
            ? FaultScenario.StartWithClient(static uri => Engines.CreateClient(uri), deadLetters: sink)
            : FaultScenario.Start(deadLetters: sink);

        // The first four batches are answered; the others are applied, and their answers held back.
        int applied = 0;
        var allApplied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        scenario.Server.On("BatchWriteItem").From(5).Answer(Fault.Custom(async (exchange, stop) =>
        {
            exchange.Process();
            if (Interlocked.Increment(ref applied) == DigestStoreDefaults.MaxConcurrency)
            {
                allApplied.SetResult();
            }

            await held.Task.WaitAsync(stop);
        }));
        DigestItem[] items = FaultScenario.Items(3_000);
        Task<StoreResult> storing = streamed
            ? scenario.Repository.StoreAsync(FaultScenario.Date, StreamOf(items), cancellationToken: Token)
            : scenario.Repository.StoreAsync(FaultScenario.Date, items, cancellationToken: Token);
        await allApplied.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);

        await scenario.Repository.DisposeAsync();
        int requests = scenario.Server.Requests.Count;
        StoreResult result = await storing;
        held.SetResult();
        StoreResult again = await scenario.Repository.StoreAsync(FaultScenario.Date, items[..30], cancellationToken: Token);

        int unknown = sink.Letters.Count(static letter => letter.Reason == StoreProblemReason.OutcomeUnknown);
        Assert.Equal((100, 25 * DigestStoreDefaults.MaxConcurrency), (result.Inserted, unknown));
        Assert.Equal(scenario.ServerItems().Count, result.Inserted + unknown);
        Assert.Equal(result.Failed, result.DeadLettered);
        Assert.All(sink.Letters, static letter => Assert.True(letter.Reason is StoreProblemReason.OutcomeUnknown or StoreProblemReason.Disposed, letter.Reason.ToString()));
        Assert.Equal((30, 0, requests), (again.Failed, again.Cost.Requests, scenario.Server.Requests.Count));
    }

    [Theory]
    [InlineData("store")]
    [InlineData("stream")]
    [InlineData("get")]
    [InlineData("read")]
    [InlineData("find")]
    [InlineData("delete")]
    [InlineData("statistics")]
    [InlineData("health")]
    [FaultRow(59, Gone, GonePromise)]
    public async Task A_client_that_its_host_has_disposed_of_is_named_as_the_cause(string operation)
    {
        IAmazonDynamoDB? client = null;
        await using FaultScenario scenario = FaultScenario.StartWithClient(uri => client = Engines.CreateClient(uri));
        await scenario.StoreAsync(FaultScenario.Items(2));
        client!.Dispose();
        DigestRepository repository = scenario.Repository;

        if (operation is "store" or "stream")
        {
            StoreResult result = operation == "store"
                ? await repository.StoreAsync(FaultScenario.Date, FaultScenario.Items(60), cancellationToken: Token)
                : await repository.StoreAsync(FaultScenario.Date, StreamOf(FaultScenario.Items(60)), cancellationToken: Token);
            Assert.Equal((StoreStatus.Failed, 60), (result.Status, result.Failed));
            Assert.All(result.Problems, static problem => Assert.Equal(StoreProblemReason.Disposed, problem.Reason));
            return;
        }

        if (operation == "health")
        {
            var services = new ServiceCollection();
            services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>)).AddSingleton<IDigestRepository>(repository).AddHealthChecks().AddDigestStore();
            await using ServiceProvider provider = services.BuildServiceProvider();
            HealthReport report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token);
            Assert.Equal("Disposed", Assert.Single(report.Entries).Value.Data["reason"]);
            return;
        }

        DigestStoreException thrown = await Assert.ThrowsAsync<DigestStoreException>(Task () => operation switch
        {
            "get" => repository.GetAsync(FaultScenario.Date, Token),
            "find" => repository.FindAsync(FaultScenario.Date, FaultScenario.Items(1)[0].Url, Token),
            "delete" => repository.DeleteAsync(FaultScenario.Date, FaultScenario.Items(1)[0].Url, Token),
            "statistics" => repository.GetStatisticsAsync(FaultScenario.Date, Token),
            _ => ReadAsync(repository),
        });
        Assert.Equal(DigestStoreErrorReason.Disposed, thrown.Reason);
        Assert.Contains("is disposed", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    [FaultRow(59, Gone, GonePromise)]
    public async Task A_client_that_its_host_disposes_of_in_mid_store_leaves_only_what_was_under_way_unknown()
    {
        IAmazonDynamoDB? client = null;
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FaultScenario scenario = FaultScenario.StartWithClient(uri => client = Engines.CreateClient(uri), static options => options.MaxConcurrency = 2);
        scenario.Server.On("BatchWriteItem").Nth(2).Answer(Fault.Hold(held.Task)).Once();
        DigestItem[] items = FaultScenario.Items(200);
        Task<StoreResult> storing = scenario.ObserveAsync(items, () => scenario.Repository.StoreAsync(FaultScenario.Date, items, new StoreCallOptions { Deadline = TimeSpan.FromSeconds(5) }, Token));
        await scenario.Server.Requests.ArrivalOfAsync("BatchWriteItem", 2);

        client!.Dispose();
        held.SetResult();
        StoreResult result = await storing;

        Assert.All(
            result.Problems.Where(static problem => problem.Outcome == DigestItemOutcome.Failed),
            static problem => Assert.True(problem.Reason is StoreProblemReason.Disposed or StoreProblemReason.OutcomeUnknown, problem.Reason.ToString()));
        Assert.Contains(result.Problems, static problem => problem.Reason == StoreProblemReason.Disposed);
        Assert.InRange(result.Problems.Count(static problem => problem.Reason == StoreProblemReason.OutcomeUnknown), 0, 50);
    }

    [Fact]
    [FaultRow(59, "A container is disposed while one of its stores runs", InUsePromise)]
    public async Task The_end_of_a_container_ends_its_stores()
    {
        await using FaultScenario scenario = FaultScenario.Start();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        scenario.Server.On("Query").Answer(Fault.Hold(held.Task));
        await using ServiceProvider provider = new ServiceCollection()
            .AddDigestStore(options => options.ServiceUrl = scenario.Options.ServiceUrl).Services
            .AddDigestStore("weekly", options => (options.ServiceUrl, options.DigestName) = (scenario.Options.ServiceUrl, "weekly")).Services
            .BuildServiceProvider();
        IDigestRepository[] repositories = [provider.GetRequiredService<IDigestRepository>(), provider.GetRequiredKeyedService<IDigestRepository>("weekly")];
        Task<StoreResult>[] storing = [.. repositories.Select(repository => repository.StoreAsync(FaultScenario.Date, FaultScenario.Items(60), cancellationToken: Token))];
        await scenario.Server.Requests.ArrivalOfAsync("Query", 2);

        await provider.DisposeAsync();
        held.SetResult();

        foreach (StoreResult result in await Task.WhenAll(storing))
        {
            Assert.Equal((StoreStatus.Failed, 60, 1), (result.Status, result.Failed, result.Cost.Requests));
            Assert.All(result.Problems, static problem => Assert.Equal(StoreProblemReason.Disposed, problem.Reason));
        }

        Assert.Equal(2, scenario.Server.Requests.Count);
    }

    private static async Task<IReadOnlyList<StoredDigestItem>> ReadAsync(DigestRepository repository)
    {
        var items = new List<StoredDigestItem>();
        await foreach (StoredDigestItem item in repository.ReadAsync(FaultScenario.Date, Token))
        {
            items.Add(item);
        }

        return items;
    }

    private static async IAsyncEnumerable<DigestItem> StreamOf(DigestItem[] items)
    {
        foreach (DigestItem item in items)
        {
            await Task.Yield();
            yield return item;
        }
    }
}
