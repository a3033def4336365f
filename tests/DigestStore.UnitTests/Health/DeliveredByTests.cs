using DigestStore.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DigestStore.UnitTests.Health;

// The email of today is asked for once its time has come, in the time zone of the store.
public sealed class DeliveredByTests : IAsyncDisposable
{
    private static readonly DateOnly Today = new(2027, 7, 15);
    private static readonly DigestItem[] Items = [new() { Url = "https://example.com/1", Title = "One" }];

    private readonly HealthScenario _scenario;

    // In July, 8:00 in Berlin is 6:00 UTC.
    public DeliveredByTests() => _scenario = Scenario(At(5, 0));

    public ValueTask DisposeAsync() => _scenario.DisposeAsync();

    [Fact]
    public async Task Before_the_time_nothing_is_asked()
    {
        _scenario.Time.Advance(TimeSpan.FromMinutes(59));

        HealthReportEntry entry = await _scenario.CheckAsync();

        Assert.Equal((HealthStatus.Healthy, "The table answers."), (entry.Status, entry.Description));
        Assert.False(entry.Data.ContainsKey("delivery"));
        Assert.Equal(1, Requests);
    }

    [Fact]
    public async Task Without_the_option_nothing_is_asked()
    {
        await using HealthScenario scenario = Scenario(At(23, 0), deliveredBy: null);

        Assert.Equal("The table answers.", (await scenario.CheckAsync()).Description);
        Assert.Equal(1, ((InMemoryDigestRepository)scenario.Get<IDigestRepository>()).Faults.Requests);
    }

    [Fact]
    public async Task From_the_time_on_a_day_of_which_nothing_is_recorded_is_unhealthy()
    {
        _scenario.Time.Advance(TimeSpan.FromHours(1));

        HealthReportEntry entry = await _scenario.CheckAsync();

        Assert.Equal((HealthStatus.Unhealthy, "NotDelivered", "Pending"), (entry.Status, entry.Data["reason"], entry.Data["delivery"]));
        Assert.StartsWith("The email of 2027-07-15 was to be sent by 08:00 (Europe/Berlin). ", entry.Description, StringComparison.Ordinal);
        Assert.Equal(2, Requests);
    }

    [Fact]
    public async Task The_host_chooses_the_status_of_a_day_that_is_not_delivered()
    {
        await using HealthScenario scenario = Scenario(At(6, 0), failureStatus: HealthStatus.Degraded);

        Assert.Equal(HealthStatus.Degraded, (await scenario.CheckAsync()).Status);
    }

    [Fact]
    public async Task A_delivered_day_is_healthy_and_is_not_asked_for_again_until_the_next_one()
    {
        await Delivery.DeliverAsync(Today, Items, static (_, _) => Task.FromResult(new DeliveryReceipt()), cancellationToken: TestContext.Current.CancellationToken);
        _scenario.Time.Advance(TimeSpan.FromHours(1));
        int before = Requests;

        HealthReportEntry first = await _scenario.CheckAsync();
        _scenario.Time.Advance(TimeSpan.FromMinutes(1));
        HealthReportEntry second = await _scenario.CheckAsync();

        Assert.All([first, second], static entry => Assert.Equal(
            (HealthStatus.Healthy, "Delivered", "The table answers, and the email of 2027-07-15 is delivered."), (entry.Status, entry.Data["delivery"], entry.Description)));
        Assert.Equal(3, Requests - before);

        _scenario.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal("NotDelivered", (await _scenario.CheckAsync()).Data["reason"]);
    }

    [Fact]
    public async Task A_day_that_a_sender_is_at_is_degraded_until_its_lease_has_ended_without_a_word()
    {
        _scenario.Time.Advance(TimeSpan.FromHours(1));
        DeliveryLease lease = await Delivery.AcquireAsync(Today, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(lease.MaySend);

        HealthReportEntry sending = await _scenario.CheckAsync();
        _scenario.Time.Advance(lease.Duration + lease.ClockSkewAllowance + TimeSpan.FromSeconds(1));
        HealthReportEntry overdue = await _scenario.CheckAsync();

        Assert.Equal((HealthStatus.Degraded, "Sending", "Sending"), (sending.Status, sending.Data["reason"], sending.Data["delivery"]));
        Assert.Equal((HealthStatus.Unhealthy, "LeaseOverdue", "Sending"), (overdue.Status, overdue.Data["reason"], overdue.Data["delivery"]));
        Assert.Contains("it was probably killed", overdue.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DeliveryFailureKind.Retry, "NotDelivered", "Failed")]
    [InlineData(DeliveryFailureKind.Uncertain, "Uncertain", "Failed")]
    [InlineData(DeliveryFailureKind.Permanent, "Abandoned", "Abandoned")]
    public async Task A_failure_is_told_by_its_kind_and_without_the_words_of_the_sender(DeliveryFailureKind kind, string reason, string delivery)
    {
        await Delivery.DeliverAsync(Today, Items, (_, _) => throw new DeliveryFailedException(kind, "secret words"), cancellationToken: TestContext.Current.CancellationToken);
        _scenario.Time.Advance(TimeSpan.FromHours(1));

        HealthReportEntry entry = await _scenario.CheckAsync();

        Assert.Equal((HealthStatus.Unhealthy, reason, delivery), (entry.Status, entry.Data["reason"], entry.Data["delivery"]));
        Assert.DoesNotContain("secret", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_that_was_deleted_is_unhealthy()
    {
        await _scenario.Get<IDigestRepository>().StoreAsync(Today, Items, cancellationToken: TestContext.Current.CancellationToken);
        await _scenario.Get<IDigestHistory>().DeleteDayAsync(Today, TestContext.Current.CancellationToken);
        _scenario.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal((HealthStatus.Unhealthy, "Deleted"), Told(await _scenario.CheckAsync()));
    }

    [Fact]
    public async Task A_table_that_does_not_answer_for_the_delivery_either_is_told_as_ever()
    {
        _scenario.Time.Advance(TimeSpan.FromHours(1));
        ((InMemoryDigestRepository)_scenario.Get<IDigestRepository>()).Faults.Deny();

        Assert.Equal((HealthStatus.Unhealthy, "AccessDenied"), Told(await _scenario.CheckAsync()));
    }

    [Fact]
    public async Task A_store_that_is_switched_off_is_healthy_whatever_the_time_is()
    {
        await using HealthScenario scenario = Scenario(At(23, 0), configure: static options => options.Enabled = false);

        Assert.Equal((HealthStatus.Healthy, "Disabled"), Told(await scenario.CheckAsync()));
    }

    [Fact]
    public async Task A_repository_without_a_delivery_is_told()
    {
        await using var scenario = new HealthScenario(
            new RepositoryDouble(static _ => Task.FromResult<StoredDigestItem?>(null)), static builder => builder.AddDigestStore(configure: static options => options.DeliveredBy = TimeOnly.MinValue));

        HealthReportEntry entry = await scenario.CheckAsync();

        Assert.Equal((HealthStatus.Unhealthy, "NotRegistered"), Told(entry));
        Assert.Contains(nameof(IDigestDelivery), entry.Description, StringComparison.Ordinal);
    }

    private IDigestDelivery Delivery => _scenario.Get<IDigestDelivery>();

    private int Requests => ((InMemoryDigestRepository)_scenario.Get<IDigestRepository>()).Faults.Requests;

    private static (HealthStatus Status, object Reason) Told(HealthReportEntry entry) => (entry.Status, entry.Data["reason"]);

    private static TimeSpan At(int hour, int minute) => new(hour, minute, 0);

    private static HealthScenario Scenario(TimeSpan utc, string? deliveredBy = "08:00", HealthStatus? failureStatus = null, Action<DigestStoreOptions>? configure = null)
    {
        var scenario = new HealthScenario(
            services => services.AddInMemoryDigestStore(options =>
            {
                (options.MaxAttempts, options.TimeZone) = (1, "Europe/Berlin");
                configure?.Invoke(options);
            }),
            builder => builder.AddDigestStore(failureStatus: failureStatus, configure: options =>
            {
                options.CacheFor = TimeSpan.Zero;
                options.DeliveredBy = deliveredBy is null ? null : TimeOnly.Parse(deliveredBy, System.Globalization.CultureInfo.InvariantCulture);
            }));
        scenario.Time.Advance(new DateTimeOffset(Today, TimeOnly.MinValue, TimeSpan.Zero) + utc - scenario.Time.GetUtcNow());
        return scenario;
    }
}
