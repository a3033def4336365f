using DigestStore.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace DigestStore.UnitTests.Health;

public sealed class HealthCheckTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_table_that_answers_is_healthy()
    {
        await using HealthScenario scenario = InMemory();

        HealthReportEntry entry = await scenario.CheckAsync();

        Assert.Equal((HealthStatus.Healthy, "The table answers."), (entry.Status, entry.Description));
        Assert.Equal((true, TimeSpan.Zero, TimeSpan.Zero), (entry.Data["enabled"], entry.Data["duration"], entry.Data["age"]));
        Assert.False(entry.Data.ContainsKey("reason"));
        Assert.Equal(1, Faults(scenario).Requests);
    }

    [Fact]
    public async Task A_store_that_is_switched_off_is_healthy_and_says_so()
    {
        await using HealthScenario scenario = InMemory(static options => options.Enabled = false);

        HealthReportEntry entry = await scenario.CheckAsync();

        Assert.Equal((HealthStatus.Healthy, false, "Disabled"), (entry.Status, entry.Data["enabled"], entry.Data["reason"]));
        Assert.Contains("switched off", entry.Description, StringComparison.Ordinal);
        Assert.Equal(0, Faults(scenario).Requests);
    }

    [Fact]
    public async Task A_throttled_table_is_degraded()
    {
        await using HealthScenario scenario = InMemory();
        Faults(scenario).Throttle();

        HealthReportEntry entry = await scenario.CheckAsync();

        Assert.Equal((HealthStatus.Degraded, "Throttled"), (entry.Status, entry.Data["reason"]));
    }

    [Fact]
    public async Task A_table_that_refuses_is_unhealthy()
    {
        await using HealthScenario scenario = InMemory();
        Faults(scenario).Deny();

        HealthReportEntry entry = await scenario.CheckAsync();

        Assert.Equal((HealthStatus.Unhealthy, "AccessDenied"), (entry.Status, entry.Data["reason"]));
        Assert.Contains("dynamodb:BatchGetItem", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_host_chooses_the_status_of_a_failure()
    {
        await using HealthScenario scenario = InMemory(check: static builder => builder.AddDigestStore(failureStatus: HealthStatus.Degraded));
        Faults(scenario).Deny();

        Assert.Equal(HealthStatus.Degraded, (await scenario.CheckAsync()).Status);
    }

    [Theory]
    [InlineData(DigestStoreErrorReason.Throttled, HealthStatus.Degraded)]
    [InlineData(DigestStoreErrorReason.Timeout, HealthStatus.Degraded)]
    [InlineData(DigestStoreErrorReason.Disabled, HealthStatus.Healthy)]
    [InlineData(DigestStoreErrorReason.Unavailable, HealthStatus.Unhealthy)]
    [InlineData(DigestStoreErrorReason.AccessDenied, HealthStatus.Unhealthy)]
    [InlineData(DigestStoreErrorReason.CredentialsRefused, HealthStatus.Unhealthy)]
    [InlineData(DigestStoreErrorReason.TableNotFound, HealthStatus.Unhealthy)]
    [InlineData(DigestStoreErrorReason.TableMismatch, HealthStatus.Unhealthy)]
    [InlineData(DigestStoreErrorReason.Misconfigured, HealthStatus.Unhealthy)]
    [InlineData(DigestStoreErrorReason.InvalidResponse, HealthStatus.Unhealthy)]
    [InlineData(DigestStoreErrorReason.NewerSchema, HealthStatus.Unhealthy)]
    public async Task Every_reason_has_its_status_and_no_text_of_the_exception(DigestStoreErrorReason reason, HealthStatus expected)
    {
        await using var scenario = new HealthScenario(new RepositoryDouble(_ => throw new DigestStoreException(reason, "secret content")));

        HealthReportEntry entry = await scenario.CheckAsync();

        Assert.Equal((expected, reason.ToString()), (entry.Status, entry.Data["reason"]));
        Assert.DoesNotContain("secret", entry.Description, StringComparison.Ordinal);
        Assert.Null(entry.Exception);
    }

    [Fact]
    public async Task Another_exception_is_unhealthy_and_only_its_type_is_told()
    {
        await using var scenario = new HealthScenario(new RepositoryDouble(_ => throw new InvalidTimeZoneException("secret content")));

        HealthReportEntry entry = await scenario.CheckAsync();

        Assert.Equal((HealthStatus.Unhealthy, nameof(InvalidTimeZoneException)), (entry.Status, entry.Data["reason"]));
        Assert.DoesNotContain("secret", entry.Description, StringComparison.Ordinal);
        Assert.Null(entry.Exception);
    }

    [Fact]
    public async Task A_slow_answer_is_degraded()
    {
        HealthScenario? scenario = null;
        var repository = new RepositoryDouble(_ =>
        {
            scenario!.Time.Advance(1.5 * Second);
            return Task.FromResult<StoredDigestItem?>(null);
        });
        await using HealthScenario made = scenario = new HealthScenario(repository);

        HealthReportEntry entry = await made.CheckAsync();

        Assert.Equal((HealthStatus.Degraded, "Slow", 1.5 * Second), (entry.Status, entry.Data["reason"], entry.Data["duration"]));
    }

    [Fact]
    public async Task A_store_that_is_not_registered_is_unhealthy_and_named()
    {
        await using var scenario = new HealthScenario(static _ => { }, static builder => builder.AddDigestStore(storeName: "archive"));

        HealthReportEntry entry = await scenario.CheckAsync();

        Assert.Equal((HealthStatus.Unhealthy, "NotRegistered"), (entry.Status, entry.Data["reason"]));
        Assert.Contains("'archive'", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_keyed_store_has_a_check_of_its_own()
    {
        await using var scenario = new HealthScenario(
            static services => services.AddInMemoryDigestStore().Services.AddInMemoryDigestStore("archive"),
            static builder => builder.AddDigestStore().AddDigestStore("digeststore-archive", tags: ["ready"], storeName: "archive"));
        ((InMemoryDigestRepository)scenario.Get<IDigestRepository>("archive")).Faults.Deny();

        HealthReport report = await scenario.Get<HealthCheckService>().CheckHealthAsync();

        Assert.Equal((HealthStatus.Healthy, HealthStatus.Unhealthy), (report.Entries["digeststore"].Status, report.Entries["digeststore-archive"].Status));
        Assert.Equal(["ready"], report.Entries["digeststore-archive"].Tags);
    }

    [Fact]
    public async Task The_arguments_come_in_the_order_of_other_checks_and_reach_the_registration()
    {
        await using HealthScenario scenario = InMemory(check: static builder => builder.AddDigestStore("store", HealthStatus.Degraded, ["ready"], TimeSpan.FromSeconds(3)));

        HealthCheckRegistration registration = Assert.Single(scenario.Get<IOptions<HealthCheckServiceOptions>>().Value.Registrations);

        Assert.Equal(("store", HealthStatus.Degraded, TimeSpan.FromSeconds(3)), (registration.Name, registration.FailureStatus, registration.Timeout));
        Assert.Equal(["ready"], registration.Tags);
    }

    [Fact]
    public async Task Without_arguments_the_check_is_named_digeststore_and_has_no_timeout_but_its_own_deadline()
    {
        await using HealthScenario scenario = InMemory();

        HealthCheckRegistration registration = Assert.Single(scenario.Get<IOptions<HealthCheckServiceOptions>>().Value.Registrations);

        Assert.Equal(("digeststore", HealthStatus.Unhealthy, Timeout.InfiniteTimeSpan), (registration.Name, registration.FailureStatus, registration.Timeout));
        Assert.Empty(registration.Tags);
    }

    [Fact]
    public async Task A_repository_of_a_scope_is_asked_in_a_scope()
    {
        var repository = new RepositoryDouble(static _ => Task.FromResult<StoredDigestItem?>(null));
        await using var scenario = new HealthScenario(services => services.AddScoped<IDigestRepository>(_ => repository));

        Assert.Equal((HealthStatus.Healthy, 1), ((await scenario.CheckAsync()).Status, repository.Calls));
    }

    private static HealthScenario InMemory(Action<DigestStoreOptions>? configure = null, Action<IHealthChecksBuilder>? check = null) => new(
        services => services.AddInMemoryDigestStore(options =>
        {
            options.MaxAttempts = 1;
            configure?.Invoke(options);
        }),
        check);

    private static InMemoryFaults Faults(HealthScenario scenario) => ((InMemoryDigestRepository)scenario.Get<IDigestRepository>()).Faults;
}
