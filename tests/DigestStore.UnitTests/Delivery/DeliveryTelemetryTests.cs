using DigestStore.Telemetry;
using DigestStore.Testing;
using DigestStore.TestSupport;
using DigestStore.UnitTests.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DigestStore.UnitTests.Delivery;

/// <summary>What operators see of deliveries, and how a host gets at them.</summary>
public sealed class DeliveryTelemetryTests : IDisposable
{
    private const string Secret = "secret-of-the-mail-server";

    private readonly ListLogger _logger = new(least: LogLevel.Debug);
    private readonly VirtualTimeProvider _clock = new();
    private readonly MeterRecorder _meters = new();
    private readonly InMemoryDigestRepository _repository;

    public DeliveryTelemetryTests() => _repository = new InMemoryDigestRepository(
        services: new DigestStoreServices { LoggerFactory = _logger, TimeProvider = _clock, MeterFactory = _meters });

    public void Dispose()
    {
        _repository.Dispose();
        _meters.Dispose();
        _logger.Dispose();
    }

    [Fact]
    public async Task A_delivery_is_counted_timed_logged_and_audited()
    {
        using var spans = new SpanRecorder();

        await DeliverAsync(null, new DeliveryOptions { Caller = "morning", CorrelationId = "call-1" });

        Assert.Equal(["outcome=delivered", "table=digests"], Assert.Single(_meters.Of("digeststore.delivery.attempts")).Tags.Order());
        Assert.Equal(["outcome=delivered", "table=digests"], Assert.Single(_meters.Of("digeststore.delivery.duration")).Tags.Order());
        Assert.Equal([600], _logger.Ids);
        Dictionary<string, object?> audit = Assert.Single(_logger.Audits);
        Assert.Equal(
            (403, "deliver", "delivered", 1, 3, 5, "morning", "call-1"),
            (audit["EventId"], audit["Operation"], audit["Outcome"], audit["Attempt"], audit["Items"], audit["Requests"], audit["Caller"], audit["CorrelationId"]));
        System.Diagnostics.Activity span = Assert.Single(spans.Spans);
        Assert.Equal(("digest.deliver", "deliver", "delivered"), (span.OperationName, span.GetTagItem(Spans.Operation), span.GetTagItem(Spans.Status)));
        Assert.Equal(System.Diagnostics.ActivityStatusCode.Unset, span.Status);
    }

    [Fact]
    public async Task What_the_sender_threw_is_told_by_its_type_and_never_by_its_text()
    {
        using var spans = new SpanRecorder();

        await DeliverAsync(new IOException(Secret));

        Assert.Equal([601], _logger.Ids);
        Assert.Contains("IOException", Assert.Single(_logger.Messages).Message, StringComparison.Ordinal);
        Assert.All(_logger.Entries, static entry => Assert.DoesNotContain(Secret, entry.Text, StringComparison.Ordinal));
        Assert.Equal("uncertain", Assert.Single(spans.Spans).StatusDescription);
        Assert.Equal("uncertain: IOException", $"uncertain: {(await StateAsync()).LastFailure!.Reason}");
    }

    [Fact]
    public async Task A_sender_that_vanished_is_told_by_the_next_one()
    {
        await _clock.RunAsync(() => _repository.AcquireAsync(Some.Date));
        _clock.Advance(TimeSpan.FromMinutes(6));

        await DeliverAsync(null);

        Assert.Equal([610, 602, 600], _logger.Ids);
    }

    [Fact]
    public async Task Single_steps_are_audited_and_their_ends_count_as_attempts()
    {
        DeliveryLease lease = await _clock.RunAsync(() => _repository.AcquireAsync(Some.Date));
        await _repository.AnnounceAsync(lease, Some.Items(2));
        await _repository.RenewAsync(lease);
        await _repository.FailAsync(lease, new DeliveryFailure(DeliveryFailureKind.Retry, Secret));
        await _repository.ResolveAsync(Some.Date, new DeliveryResolution(DeliveryResolutionKind.Abandon) { Caller = "operator" });
        await _clock.RunAsync(() => _repository.AcquireAsync(Some.Date));
        await _repository.RenewAsync(lease);
        await _repository.GetDeliveryAsync(Some.Date);

        Assert.Equal(
            ["acquire granted", "announce recorded", "renew recorded", "fail recorded", "resolve recorded", "acquire gave_up", "renew refused", "delivery ok"],
            _logger.Audits.Select(static audit => $"{audit["Operation"]} {audit["Outcome"]}"));
        Assert.Equal([610, 610, 610, 610, 610, 611, 611, 210], _logger.Ids);
        Assert.Equal(
            ["outcome=failed", "outcome=gave_up"],
            _meters.Of("digeststore.delivery.attempts").SelectMany(static measurement => measurement.Tags).Where(static tag => tag.StartsWith("outcome", StringComparison.Ordinal)));
        Assert.Empty(_meters.Of("digeststore.delivery.duration"));
        Assert.All(_logger.Entries, static entry => Assert.DoesNotContain(Secret, entry.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_container_has_the_delivery_of_each_of_its_stores()
    {
        var services = new ServiceCollection();
        services.AddDigestStore(static options => options.Region = "eu-central-1");
        services.AddDigestStore("weekly", static options => (options.Region, options.DigestName) = ("eu-central-1", "weekly"));
        await using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Same(provider.GetRequiredService<IDigestRepository>(), provider.GetRequiredService<IDigestDelivery>());
        Assert.Same(provider.GetRequiredKeyedService<IDigestRepository>("weekly"), provider.GetRequiredKeyedService<IDigestDelivery>("weekly"));
        Assert.NotSame(provider.GetRequiredService<IDigestDelivery>(), provider.GetRequiredKeyedService<IDigestDelivery>("weekly"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_in_memory_store_takes_the_place_of_the_delivery_too(bool isFirst)
    {
        var services = new ServiceCollection();
        if (isFirst)
        {
            services.AddInMemoryDigestStore().Services.AddInMemoryDigestStore("weekly");
        }

        services.AddDigestStore().Services.AddDigestStore("weekly");
        services.AddInMemoryDigestStore().Services.AddInMemoryDigestStore("weekly");
        await using ServiceProvider provider = services.BuildServiceProvider();

        Assert.IsType<InMemoryDigestRepository>(provider.GetRequiredService<IDigestDelivery>());
        Assert.Same(provider.GetRequiredService<IDigestRepository>(), provider.GetRequiredService<IDigestDelivery>());
        Assert.IsType<InMemoryDigestRepository>(provider.GetRequiredKeyedService<IDigestDelivery>("weekly"));
    }

    private Task<DeliveryResult> DeliverAsync(Exception? error, DeliveryOptions? options = null) => _clock.RunAsync(() => _repository.DeliverAsync(
        Some.Date, Some.Items(3), (_, _) => error is null ? Task.FromResult(new DeliveryReceipt()) : Task.FromException<DeliveryReceipt>(error), options));

    private async Task<DeliveryState> StateAsync() => await _clock.RunAsync(() => _repository.GetDeliveryAsync(Some.Date)) ?? throw new InvalidOperationException();
}
