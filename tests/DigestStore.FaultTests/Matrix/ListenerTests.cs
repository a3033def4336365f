using DigestStore.DynamoDb;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class ListenerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [FaultRow(85, "A meter listener throws at every measurement", "The store and the read are unharmed, and the other instruments are still told.")]
    public async Task A_meter_listener_that_throws_harms_neither_store_nor_read()
    {
        await using var server = ScriptedEndpoint.Start();
        using var meters = new MeterRecorder { OnMeasurement = static _ => throw new InvalidTimeZoneException("the host's own") };
        using DigestRepository repository = Over(server, meters);

        await AssertUnharmedAsync(server, repository);

        Assert.Equal(30, meters.Sum("digeststore.store.items", "outcome=inserted"));
        Assert.NotEmpty(meters.Of("digeststore.store.duration"));
        Assert.NotEmpty(meters.Of("digeststore.read.duration"));
        Assert.NotEmpty(meters.Of("db.client.operation.duration"));
        Assert.NotEmpty(meters.Of("digeststore.retries"));
    }

    [Fact]
    [FaultRow(85, "A meter factory throws, or a listener does when an instrument is published", "The repository works without the instrument.")]
    public async Task A_meter_that_cannot_be_made_harms_neither_store_nor_read()
    {
        await using var server = ScriptedEndpoint.Start();
        using DigestRepository repository = Over(server, new BadMeterFactory());

        await AssertUnharmedAsync(server, repository);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [FaultRow(85, "An activity listener throws when a span starts or stops", "The store and the read are unharmed, and the caller's own span stays current.")]
    public async Task An_activity_listener_that_throws_harms_neither_store_nor_read(bool atStart)
    {
        await using var server = ScriptedEndpoint.Start();
        using var spans = new SpanRecorder();
        Action misbehave = static () => throw new InvalidTimeZoneException("the host's own");
        (spans.OnStart, spans.OnStop) = atStart ? (misbehave, null) : ((Action?)null, misbehave);
        using DigestRepository repository = Over(server, null);

        await AssertUnharmedAsync(server, repository);

        Assert.Same(spans.Root, System.Diagnostics.Activity.Current);
    }

    [Fact]
    [FaultRow(90, "The database is down in all seven daily runs of a week", "The failure ratio, failed items to all items, is 100 % as a metric; after a week without outage it is 0 %, and both sides of it are there.")]
    public async Task A_week_of_outage_is_a_failure_ratio_that_an_alarm_sees()
    {
        Assert.Equal(1, await FailureRatioAsync(isDown: true));
        Assert.Equal(0, await FailureRatioAsync(isDown: false));
    }

    private static async Task<double> FailureRatioAsync(bool isDown)
    {
        await using var server = ScriptedEndpoint.Start();
        using var meters = new MeterRecorder();
        if (isDown)
        {
            server.OnAny().Answer(Fault.Status(503));
        }

        for (int day = 0; day < 7; day++)
        {
            // A daily run is a process of its own.
            using DigestRepository repository = Over(server, meters);
            await repository.StoreAsync(FaultScenario.Date.AddDays(day), FaultScenario.Items(10), cancellationToken: Token);
        }

        Assert.Equal(7, meters.Of("digeststore.store.items", "outcome=failed").Count);
        return meters.Sum("digeststore.store.items", "outcome=failed") / meters.Sum("digeststore.store.items");
    }

    private static async Task AssertUnharmedAsync(ScriptedEndpoint server, DigestRepository repository)
    {
        server.On("BatchWriteItem").Nth(1).Answer(Fault.Throttle());
        StoreResult result = await repository.StoreAsync(FaultScenario.Date, FaultScenario.Items(30), cancellationToken: Token);
        Digest digest = await repository.GetAsync(FaultScenario.Date, Token);
        bool isDeleted = await repository.DeleteAsync(FaultScenario.Date, digest[0].Id, Token);

        Assert.Equal((StoreStatus.Stored, 30, 30, true), (result.Status, result.Inserted, digest.Count, isDeleted));
    }

    private static DigestRepository Over(ScriptedEndpoint server, System.Diagnostics.Metrics.IMeterFactory? meters)
    {
        var options = new DigestStoreOptions { ServiceUrl = server.Uri.AbsoluteUri, RetryDelay = TimeSpan.FromMilliseconds(5), ThrottleDelay = TimeSpan.FromMilliseconds(5) };
        return new DigestRepository(new OwnClientSource(), () => options, new DigestStoreServices { MeterFactory = meters });
    }

    private sealed class BadMeterFactory : System.Diagnostics.Metrics.IMeterFactory
    {
        public System.Diagnostics.Metrics.Meter Create(System.Diagnostics.Metrics.MeterOptions options) => throw new InvalidTimeZoneException("the host's own");

        public void Dispose()
        {
        }
    }
}
