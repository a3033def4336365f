using DigestStore.Testing;

namespace DigestStore.ConsumerTests;

public sealed class ScriptedFaultTests
{
    private static readonly DateOnly Date = new(2026, 11, 21);

    private static readonly DigestStoreOptions QuickRetries = new()
    {
        // Long enough for a busy machine, whose own delays must add no retries.
        AttemptTimeout = TimeSpan.FromSeconds(1),
        RetryDelay = TimeSpan.FromMilliseconds(1),
        ThrottleDelay = TimeSpan.FromMilliseconds(1),
        MaxRetryDelay = TimeSpan.FromMilliseconds(1),
    };

    public static TheoryData<string, StoreProblemReason> Outages => new()
    {
        { nameof(InMemoryFaults.Throttle), StoreProblemReason.CompareUnavailable },
        { nameof(InMemoryFaults.Fail), StoreProblemReason.CompareUnavailable },
        { nameof(InMemoryFaults.Hang), StoreProblemReason.CompareUnavailable },
        { nameof(InMemoryFaults.Deny), StoreProblemReason.CompareUnavailable },
    };

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task An_outage_fails_every_item_throws_nothing_and_passes(string outage, StoreProblemReason reason)
    {
        using var repository = new InMemoryDigestRepository(QuickRetries);
        _ = outage switch
        {
            nameof(InMemoryFaults.Throttle) => repository.Faults.Throttle(),
            nameof(InMemoryFaults.Fail) => repository.Faults.Fail(),
            nameof(InMemoryFaults.Hang) => repository.Faults.Hang(),
            _ => repository.Faults.Deny(),
        };

        StoreResult down = await repository.StoreAsync(Date, Items(60), cancellationToken: TestContext.Current.CancellationToken);
        repository.Faults.Clear();
        StoreResult up = await repository.StoreAsync(Date, Items(60), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((StoreStatus.Failed, 60), (down.Status, down.Failed));
        Assert.All(down.Problems, problem => Assert.Equal(reason, problem.Reason));
        Assert.Equal((StoreStatus.Stored, 60), (up.Status, up.Inserted));
    }

    [Fact]
    public async Task Two_throttled_batches_cost_two_retries_and_no_item()
    {
        using var repository = new InMemoryDigestRepository(QuickRetries);
        repository.Faults.Throttle(2, InMemoryOperation.BatchWrite);

        StoreResult result = await repository.StoreAsync(Date, Items(100), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((100, 2), (result.Inserted, result.Cost.Retries));
        Assert.Equal(repository.Faults.Requests, result.Cost.Requests);
    }

    [Fact]
    public async Task Items_left_unprocessed_are_stored_in_the_end_and_the_same_seed_leaves_the_same_ones()
    {
        int[] requests = new int[2];
        for (int run = 0; run < requests.Length; run++)
        {
            using var repository = new InMemoryDigestRepository(new DigestStoreOptions { MaxConcurrency = 1, ThrottleDelay = TimeSpan.Zero, RetryDelay = TimeSpan.Zero });
            repository.Faults.Seed(7).LeaveUnprocessed(0.5, requests: 3);

            StoreResult result = await repository.StoreAsync(Date, Items(30), cancellationToken: TestContext.Current.CancellationToken);

            Assert.Equal(30, result.Inserted);
            requests[run] = result.Cost.Requests;
        }

        Assert.Equal(requests[0], requests[1]);
    }

    [Fact]
    public async Task A_repository_that_is_switched_off_skips_everything_until_it_is_on_again()
    {
        using var repository = new InMemoryDigestRepository();
        repository.Faults.Disable();

        StoreResult off = await repository.StoreAsync(Date, Items(3), cancellationToken: TestContext.Current.CancellationToken);
        repository.Faults.Clear();

        Assert.Equal((StoreStatus.Disabled, 3, 0), (off.Status, off.Skipped, repository.Faults.Requests));
        Assert.Empty(await repository.GetAsync(Date, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_read_during_an_outage_is_an_exception_and_never_an_empty_digest()
    {
        using var repository = new InMemoryDigestRepository(QuickRetries);
        repository.Faults.Fail(operation: InMemoryOperation.Query);

        DigestStoreException thrown = await Assert.ThrowsAsync<DigestStoreException>(() => repository.GetAsync(Date, TestContext.Current.CancellationToken));

        Assert.Equal(DigestStoreErrorReason.Unavailable, thrown.Reason);
    }

    [Fact]
    public void A_script_refuses_numbers_that_mean_nothing()
    {
        var faults = new InMemoryFaults();

        Assert.Throws<ArgumentOutOfRangeException>(() => faults.Throttle(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => faults.LeaveUnprocessed(1.5));
    }

    private static DigestItem[] Items(int count) =>
        [.. Enumerable.Range(0, count).Select(n => new DigestItem { Url = $"https://example.com/{n}", Title = $"Title {n}" })];
}
