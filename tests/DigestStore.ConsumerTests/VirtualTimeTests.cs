using System.Diagnostics;
using DigestStore;
using DigestStore.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ConsumerTests;

/// <summary>An application's tests of an outage with the library's own, patient settings: the time is virtual.</summary>
public sealed class VirtualTimeTests
{
    public static TheoryData<string, Action<InMemoryFaults>> Outages => new()
    {
        { "hangs", faults => faults.Hang() },
        { "throttles", faults => faults.Throttle() },
        { "fails", faults => faults.Fail() },
        { "throttles every write", faults => faults.Throttle(operation: InMemoryOperation.BatchWrite) },
        { "processes nothing", faults => faults.LeaveUnprocessed(1) },
    };

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task The_email_goes_out_when_the_store(string outage, Action<InMemoryFaults> script)
    {
        _ = outage;
        var clock = new VirtualTimeProvider();
        using var repository = new InMemoryDigestRepository(services: new DigestStoreServices { TimeProvider = clock });
        script(repository.Faults);
        List<string> sent = [];

        StoreResult result = await clock.RunAsync(() => new EmailJob(repository, sent.Add).RunAsync(Some.Day, [Some.Link()], TestContext.Current.CancellationToken));

        Assert.Equal(StoreStatus.Failed, result.Status);
        Assert.Equal(["A headline [not archived: Failed]"], sent);
        Assert.InRange(clock.Elapsed, TimeSpan.FromMilliseconds(1), new DigestStoreOptions().Deadline);
        Assert.Equal(clock.Elapsed, result.Duration);
    }

    [Fact]
    public async Task A_store_that_hangs_for_seconds_costs_none()
    {
        var clock = new VirtualTimeProvider();
        using var repository = new InMemoryDigestRepository(services: new DigestStoreServices { TimeProvider = clock });
        repository.Faults.Hang();
        long began = Stopwatch.GetTimestamp();

        await clock.RunAsync(() => repository.StoreAsync(Some.Day, [Some.Link()]));

        Assert.True(clock.Elapsed >= 3 * new DigestStoreOptions().AttemptTimeout, $"{clock.Elapsed} of virtual time");
        Assert.True(Stopwatch.GetElapsedTime(began) < clock.Elapsed, "It took real time.");
    }

    [Fact]
    public async Task The_same_script_costs_the_same_requests_and_time_outs()
    {
        Assert.Equal(await DurationAsync(), await DurationAsync());

        static async Task<(TimeSpan Duration, int Requests)> DurationAsync()
        {
            var clock = new VirtualTimeProvider();
            using var repository = new InMemoryDigestRepository(new DigestStoreOptions { MaxConcurrency = 1 }, services: new DigestStoreServices { TimeProvider = clock });
            repository.Faults.Hang(2).Fail(1, InMemoryOperation.BatchWrite);
            StoreResult result = await clock.RunAsync(() => repository.StoreAsync(Some.Day, Links(60)));
            Assert.Equal(StoreStatus.Stored, result.Status);

            // The pauses between are drawn by chance; the time-outs are not.
            return (TimeSpan.FromSeconds(Math.Floor(clock.Elapsed.TotalSeconds)), result.Cost.Requests);
        }
    }

    [Fact]
    public async Task A_healthy_store_takes_no_time_at_all()
    {
        var clock = new VirtualTimeProvider();
        using var repository = new InMemoryDigestRepository(services: new DigestStoreServices { TimeProvider = clock });

        StoreResult result = await clock.RunAsync(() => repository.StoreAsync(Some.Day, Links(500)));

        Assert.Equal((StoreStatus.Stored, TimeSpan.Zero, TimeSpan.Zero), (result.Status, result.Duration, clock.Elapsed));
    }

    [Fact]
    public async Task An_application_with_a_container_registers_the_clock()
    {
        var clock = new VirtualTimeProvider();
        await using ServiceProvider services = new ServiceCollection().AddSingleton<TimeProvider>(clock).AddInMemoryDigestStore().Services.BuildServiceProvider();
        var repository = (InMemoryDigestRepository)services.GetRequiredService<IDigestRepository>();
        repository.Faults.Hang();

        string yesterday = await clock.RunAsync(() => new EmailJob(repository, _ => { }).YesterdayAsync(Some.Day));

        Assert.Equal("yesterday is unknown: " + DigestStoreErrorReason.Timeout, yesterday);
    }

    private static DigestItem[] Links(int count) => [.. Enumerable.Range(0, count).Select(n => Some.Link($"Headline {n}", $"https://example.org/{n}"))];
}
