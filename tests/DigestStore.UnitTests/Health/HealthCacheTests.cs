using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DigestStore.UnitTests.Health;

public sealed class HealthCacheTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task An_answer_is_given_again_until_it_is_too_old()
    {
        var repository = new RepositoryDouble(static _ => Task.FromResult<StoredDigestItem?>(null));
        await using var scenario = new HealthScenario(repository);
        await scenario.CheckAsync();

        scenario.Time.Advance(29 * Second);
        Assert.Equal(29 * Second, (await scenario.CheckAsync()).Data["age"]);
        Assert.Equal(1, repository.Calls);

        scenario.Time.Advance(1 * Second);
        Assert.Equal(TimeSpan.Zero, (await scenario.CheckAsync()).Data["age"]);
        Assert.Equal(2, repository.Calls);
    }

    [Fact]
    public async Task A_failure_is_given_again_too()
    {
        var repository = new RepositoryDouble(static _ => throw new DigestStoreException(DigestStoreErrorReason.Unavailable, ""));
        await using var scenario = new HealthScenario(repository);

        await scenario.CheckAsync();

        Assert.Equal(HealthStatus.Unhealthy, (await scenario.CheckAsync()).Status);
        Assert.Equal(1, repository.Calls);
    }

    [Fact]
    public async Task Without_a_cache_every_check_asks()
    {
        var repository = new RepositoryDouble(static _ => Task.FromResult<StoredDigestItem?>(null));
        await using var scenario = new HealthScenario(repository, static builder => builder.AddDigestStore(configure: static options => options.CacheFor = TimeSpan.Zero));

        await scenario.CheckAsync();
        await scenario.CheckAsync();

        Assert.Equal(2, repository.Calls);
    }

    [Fact]
    public async Task Checks_at_the_same_time_share_one_read()
    {
        var answer = new TaskCompletionSource<StoredDigestItem?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var repository = new RepositoryDouble(_ => answer.Task);
        await using var scenario = new HealthScenario(repository);
        Task<HealthReportEntry>[] checks = [.. Enumerable.Range(0, 50).Select(_ => scenario.CheckAsync())];

        answer.SetResult(null);
        HealthReportEntry[] entries = await Task.WhenAll(checks);

        Assert.All(entries, static entry => Assert.Equal(HealthStatus.Healthy, entry.Status));
        Assert.Equal(1, repository.Calls);
    }

    [Fact]
    public async Task One_who_stops_waiting_spoils_nothing_for_the_others()
    {
        var answer = new TaskCompletionSource<StoredDigestItem?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var repository = new RepositoryDouble(token =>
        {
            token.Register(() => answer.TrySetCanceled(token));
            return answer.Task;
        });
        await using var scenario = new HealthScenario(repository);
        using var impatient = new CancellationTokenSource();
        Task<HealthReportEntry> gone = scenario.CheckAsync(impatient.Token);
        Task<HealthReportEntry> waiting = scenario.CheckAsync();

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        answer.SetResult(null);

        Assert.Equal(HealthStatus.Healthy, (await waiting).Status);
        Assert.Equal(1, repository.Calls);
    }

    [Fact]
    public async Task The_deadline_is_its_own_and_reaches_the_repository()
    {
        var repository = new RepositoryDouble(static async token =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return null;
        });
        await using var scenario = new HealthScenario(repository);

        HealthReportEntry entry = await scenario.Time.RunAsync(scenario.CheckAsync());

        Assert.Equal((HealthStatus.Degraded, "Timeout", 2 * Second), (entry.Status, entry.Data["reason"], entry.Data["duration"]));
        Assert.Equal(0, scenario.Time.PendingTimers);
    }

    [Fact]
    public async Task The_deadline_holds_when_the_repository_ignores_its_token()
    {
        var never = new TaskCompletionSource<StoredDigestItem?>();
        await using var scenario = new HealthScenario(new RepositoryDouble(_ => never.Task));

        Assert.Equal("Timeout", (await scenario.Time.RunAsync(scenario.CheckAsync())).Data["reason"]);
        never.SetException(new InvalidTimeZoneException());
    }

    [Fact]
    public async Task The_deadline_holds_when_the_repository_blocks_its_thread()
    {
        using var gate = new ManualResetEventSlim();
        using var left = new ManualResetEventSlim();
        await using var scenario = new HealthScenario(new RepositoryDouble(_ =>
        {
            gate.Wait(CancellationToken.None);
            left.Set();
            return Task.FromResult<StoredDigestItem?>(null);
        }));

        Assert.Equal("Timeout", (await scenario.Time.RunAsync(scenario.CheckAsync())).Data["reason"]);
        gate.Set();
        left.Wait(CancellationToken.None);
    }
}
