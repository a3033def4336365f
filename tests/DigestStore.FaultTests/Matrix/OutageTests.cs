using DigestStore.DynamoDb;
using DigestStore.Testing;
using DigestStore.TestSupport;
using Microsoft.Extensions.Logging;

namespace DigestStore.FaultTests;

public sealed class OutageTests
{
    [Fact]
    [FaultRow(89, "The database comes back after an hour's outage", "The next store works; nothing stays open longer than its own break time.")]
    public async Task After_an_hour_of_outage_the_next_store_works()
    {
        await using var server = ScriptedEndpoint.Start();
        var clock = new VirtualTimeProvider();
        using DigestRepository repository = Over(server, clock, new RecordingLoggerFactory());
        server.OnAny().Answer(Fault.InternalServerError());
        for (int call = 0; call < 12; call++)
        {
            StoreResult failed = await StoreAsync(repository, FaultScenario.Date, clock, server);
            Assert.Equal((StoreStatus.Failed, 10), (failed.Status, failed.Failed));
            clock.Advance(TimeSpan.FromMinutes(5));
        }

        server.ClearRules();
        StoreResult result = await StoreAsync(repository, FaultScenario.Date, clock, server);

        Assert.Equal((StoreStatus.Stored, 10), (result.Status, result.Inserted));
    }

    [Fact]
    [FaultRow(90, "The database is down in all seven daily runs of a week", "Every run gets its result in time, with one warning each.")]
    public async Task A_week_of_outage_holds_up_no_email()
    {
        await using var server = ScriptedEndpoint.Start();
        var clock = new VirtualTimeProvider();
        var log = new RecordingLoggerFactory();
        server.OnAny().Answer(Fault.Status(503));
        for (int day = 0; day < 7; day++)
        {
            // A daily run is a process of its own.
            using DigestRepository repository = Over(server, clock, log);
            StoreResult result = await StoreAsync(repository, FaultScenario.Date.AddDays(day), clock, server);
            Assert.Equal((StoreStatus.Failed, 10), (result.Status, result.Failed));
            Assert.InRange(result.Duration, TimeSpan.Zero, DigestStoreDefaults.Deadline);
            clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal(7, log.Entries.Count);
        Assert.All(log.Entries, entry => Assert.Equal(LogLevel.Warning, entry.Level));
    }

    [Fact]
    public async Task Callers_without_patience_do_not_keep_others_from_a_healthy_table()
    {
        await using var scenario = FaultScenario.Start();
        var over = new TaskCompletionSource();
        scenario.Server.On("BatchGetItem").Answer(Fault.Hold(over.Task));
        for (int call = 0; call < 6; call++)
        {
            Assert.Equal(3, (await StoreAsync(new StoreCallOptions { Deadline = TimeSpan.FromMilliseconds(100) })).Failed);
        }

        scenario.Server.ClearRules();
        over.SetResult();
        StoreResult patient = await StoreAsync(null);

        Assert.Equal((StoreStatus.Stored, 3), (patient.Status, patient.Inserted));

        Task<StoreResult> StoreAsync(StoreCallOptions? options) =>
            scenario.Repository.StoreAsync(FaultScenario.Date, FaultScenario.Items(3), options, TestContext.Current.CancellationToken);
    }

    private static DigestRepository Over(ScriptedEndpoint server, TimeProvider clock, ILoggerFactory log) =>
        new(new OwnClientSource(), () => new DigestStoreOptions { ServiceUrl = server.Uri.AbsoluteUri }, new DigestStoreServices { LoggerFactory = log, TimeProvider = clock });

    private static Task<StoreResult> StoreAsync(DigestRepository repository, DateOnly date, VirtualTimeProvider clock, ScriptedEndpoint server) => clock.RunAsync(
        () => repository.StoreAsync(date, FaultScenario.Items(10), cancellationToken: TestContext.Current.CancellationToken), () => server.IsBusy);
}
