using System.Runtime.CompilerServices;
using Amazon.DynamoDBv2;
using DigestStore.DeadLetters;
using DigestStore.DynamoDb;
using DigestStore.Health;
using DigestStore.Table;
using DigestStore.Testing;
using DigestStore.UnitTests.Configuration;
using DigestStore.UnitTests.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DigestStore.UnitTests;

/// <summary>What becomes of calls when their repository is disposed, while they run and before they begin.</summary>
public sealed class DisposalTests
{
    private readonly TableDouble _table = new();
    private readonly KeptLetters _letters = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Repositories { get; } = ["over a table", "in memory", "over an injected client"];

    public static TheoryData<string> Reads { get; } = ["get", "read", "find", "find by id", "delete", "delete by id", "statistics"];

    [Theory]
    [MemberData(nameof(Repositories))]
    public async Task A_store_on_a_disposed_repository_reports_each_item_and_asks_nothing(string kind)
    {
        using var client = new ClientDouble();
        (IDigestRepository repository, Func<int> stored) = Make(kind, client);
        await ((IAsyncDisposable)repository).DisposeAsync();

        StoreResult result = await repository.StoreAsync(Some.Date, [.. Some.Items(60), null!, Some.Item(0)], cancellationToken: Token);

        Assert.Equal((StoreStatus.Failed, 60, 1, 1), (result.Status, result.Failed, result.Rejected, result.Duplicates));
        Assert.Equal((62, 0, 60), (result.Received, result.Cost.Requests, result.DeadLettered));
        AssertAllDisposed(result);
        Assert.All(_letters.Letters, static letter => Assert.Equal(StoreProblemReason.Disposed, letter.Reason));
        Assert.Equal((0, 0, 0), (stored(), client.Requests, _table.Requests));
        Assert.Null(result.InputError);
    }

    [Theory]
    [MemberData(nameof(Repositories))]
    public async Task A_stream_for_a_disposed_repository_is_not_read_to_its_end(string kind)
    {
        using var client = new ClientDouble();
        (IDigestRepository repository, Func<int> stored) = Make(kind, client);
        ((IDisposable)repository).Dispose();

        StoreResult result = await repository.StoreAsync(Some.Date, Some.Stream(Endless()), cancellationToken: Token);

        Assert.Equal(StoreStatus.Failed, result.Status);
        Assert.Equal(result.Received, result.Failed);
        Assert.Contains("disposed", Assert.IsType<ObjectDisposedException>(result.InputError).Message, StringComparison.Ordinal);
        AssertAllDisposed(result);
        Assert.Equal((0, 0, 0), (stored(), client.Requests, _table.Requests));
    }

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task A_read_of_a_disposed_repository_throws(string read)
    {
        foreach (string kind in Repositories.Select(static row => row.Data))
        {
            using var client = new ClientDouble();
            (IDigestRepository repository, _) = Make(kind, client);
            ((IDisposable)repository).Dispose();

            ObjectDisposedException thrown = await Assert.ThrowsAsync<ObjectDisposedException>(() => ReadAsync(repository, read));

            Assert.Contains("repository is disposed", thrown.Message, StringComparison.Ordinal);
            Assert.Equal((0, 0), (client.Requests, _table.Requests));
        }
    }

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task A_read_that_is_under_way_throws_when_its_repository_is_disposed(string read)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _table.OnQuery = _ => Hang<PageReply>(asked);
        _table.OnLookup = _ => Hang<LookupReply>(asked);
        DigestRepository repository = Some.Repository(_table, time: new FixedClock());
        Task reading = ReadAsync(repository, read);
        await asked.Task;

        repository.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => reading);
        Assert.Equal(1, _table.Requests);
    }

    [Fact]
    public async Task A_deletion_whose_write_is_under_way_throws_when_its_repository_is_disposed()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        DigestRepository repository = Some.Repository(_table, time: new FixedClock());
        await repository.StoreAsync(Some.Date, Some.Items(1), cancellationToken: Token);
        _table.OnWriteAsync = (_, _) => Hang<WriteReply>(asked);
        Task deleting = repository.DeleteAsync(Some.Date, Some.Item(0).Url, Token);
        await asked.Task;

        repository.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => deleting);
    }

    [Fact]
    public async Task An_enumeration_throws_at_its_next_item()
    {
        DigestRepository repository = Some.Repository(_table);
        await repository.StoreAsync(Some.Date, Some.Items(3), cancellationToken: Token);
        await using IAsyncEnumerator<StoredDigestItem> items = repository.ReadAsync(Some.Date, Token).GetAsyncEnumerator(Token);
        Assert.True(await items.MoveNextAsync());

        repository.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await items.MoveNextAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_under_way_is_unknown_and_the_rest_was_not_sent(bool streamed)
    {
        var held = new TaskCompletionSource<WriteReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int writes = 0;
        _table.OnWriteAsync = (batch, attempt) =>
        {
            int number = Interlocked.Increment(ref writes);
            if (number <= 4)
            {
                return null;
            }

            if (number == 4 + DigestStoreDefaults.MaxConcurrency)
            {
                waiting.SetResult();
            }

            // Applied; its answer never comes.
            _ = _table.WriteThroughAsync(batch);
            return held.Task;
        };
        DigestRepository repository = Make(new FixedClock());
        List<DigestItem> items = Some.Items(3_000);
        Task<StoreResult> storing = streamed
            ? repository.StoreAsync(Some.Date, Some.Stream(items), cancellationToken: Token)
            : repository.StoreAsync(Some.Date, items, new StoreCallOptions { CorrelationId = "c" }, Token);
        await waiting.Task;

        repository.Dispose();
        int requests = _table.Requests;
        StoreResult result = await storing;
        held.SetCanceled(Token);

        const int underWay = 25 * DigestStoreDefaults.MaxConcurrency;
        Assert.Equal((StoreStatus.PartiallyStored, 100), (result.Status, result.Inserted));
        Assert.Equal(result.Received - 100, result.Failed);
        Assert.Equal(result.Failed, result.DeadLettered);
        Assert.Equal(underWay, _letters.Letters.Count(static letter => letter.Reason == StoreProblemReason.OutcomeUnknown));
        Assert.Equal(result.Failed - underWay, _letters.Letters.Count(static letter => letter.Reason == StoreProblemReason.Disposed));
        Assert.Equal(requests, _table.Requests);
        Assert.Contains(result.Problems, static problem => problem.Reason == StoreProblemReason.HeaderNotWritten);
        Assert.Equal(streamed, result.InputError is ObjectDisposedException);
        Assert.Equal(!streamed, result.Received == 3_000);
    }

    [Fact]
    public async Task No_request_follows_a_back_off()
    {
        _table.OnWrite = static batch => new WriteReply { Sent = batch.Puts.Count, Fault = Some.Fault(FaultKind.Throttled, 400) };
        var clock = new FixedClock();
        DigestRepository repository = Make(clock, static options => (options.ThrottleDelay, options.MaxRetryDelay) = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)));
        Task<StoreResult> storing = repository.StoreAsync(Some.Date, Some.Items(10), cancellationToken: Token);

        // No other timer is as long as the back-off.
        while (clock.WaitingLongerThan(TimeSpan.FromSeconds(26)) == 0)
        {
            await Task.Yield();
        }

        repository.Dispose();
        StoreResult result = await storing;
        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal((10, 10, 1), (result.Failed, result.DeadLettered, _table.Writes.Count));
        AssertAllDisposed(result);
    }

    [Fact]
    public async Task A_store_that_is_looking_at_its_items_ends_without_a_request_of_their_own()
    {
        DigestRepository repository = Make(new FixedClock());
        List<DigestItem> items = Some.Items(5);
        items[4] = items[4] with { Tags = new ActingList(repository.Dispose) };

        StoreResult result = await repository.StoreAsync(Some.Date, items, cancellationToken: Token);

        Assert.Equal((5, 5, 0), (result.Failed, result.DeadLettered, _table.Requests));
        AssertAllDisposed(result);
    }

    [Fact]
    public async Task The_caller_that_cancels_before_the_disposal_gets_its_own_exception()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _table.OnLookup = _ => Hang<LookupReply>(asked);
        using var caller = new CancellationTokenSource();
        DigestRepository repository = Make(new FixedClock());
        Task<StoreResult> storing = repository.StoreAsync(Some.Date, Some.Items(5), cancellationToken: caller.Token);
        await asked.Task;

        await caller.CancelAsync();
        repository.Dispose();

        StoreResult result = (await Assert.ThrowsAsync<DigestStoreCanceledException>(() => storing)).Result;
        Assert.All(result.Problems, static problem => Assert.Equal(StoreProblemReason.Canceled, problem.Reason));
    }

    [Fact]
    public async Task A_stream_whose_producer_hangs_ends_with_the_repository()
    {
        var hanging = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        DigestRepository repository = Make(new FixedClock());
        Task<StoreResult> storing = repository.StoreAsync(Some.Date, HangingAfter(3, hanging), cancellationToken: Token);
        await hanging.Task;

        await repository.DisposeAsync();
        StoreResult result = await storing;

        Assert.Equal((3, 3, 3, 0), (result.Received, result.Failed, result.DeadLettered, _table.Requests));
        Assert.IsType<ObjectDisposedException>(result.InputError);
        AssertAllDisposed(result);
    }

    [Fact]
    public async Task Disposal_may_come_from_several_threads_and_again()
    {
        var source = new CountingSource(_table);
        DigestStoreOptions options = Some.Options();
        var repository = new DigestRepository(source, () => options, new DigestStoreServices { TimeProvider = new FixedClock() });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(async () =>
        {
            if (number % 2 == 0)
            {
                repository.Dispose();
            }
            else
            {
                await repository.DisposeAsync();
            }
        })));

        Assert.Equal(1, source.Disposals);
    }

    [Fact]
    public async Task An_asynchronous_disposal_waits_for_the_stores_under_way()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _table.OnLookup = _ => Hang<LookupReply>(asked);
        DigestRepository repository = Make(new FixedClock());
        Task<StoreResult> storing = repository.StoreAsync(Some.Date, Some.Items(5), cancellationToken: Token);
        await asked.Task;

        await repository.DisposeAsync();

        Assert.Equal(5, _letters.Letters.Count);
        Assert.Equal(5, (await storing).Failed);
    }

    [Fact]
    public async Task A_sink_that_hangs_does_not_hold_up_a_disposal()
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sink = new HangingSink(told);
        DigestStoreOptions options = Some.Options();
        var repository = new DigestRepository(_table.ToSource(), () => options, new DigestStoreServices { TimeProvider = new FixedClock(), DeadLetters = sink });
        _table.OnLookup = _ => Task.FromResult(new LookupReply { KeyCount = 6, Fault = Some.Fault(FaultKind.AccessDenied, 400) });
        _ = repository.StoreAsync(Some.Date, Some.Items(5), cancellationToken: Token);
        await told.Task;

        await repository.DisposeAsync();
    }

    [Fact]
    public async Task No_client_is_made_or_asked_for_after_the_disposal()
    {
        int made = 0;
        var services = new ServiceCollection();
        services.AddSingleton<IAmazonDynamoDB>(_ =>
        {
            made++;
            return new ClientDouble();
        });
        services.AddDigestStore().Services.AddDigestStore("weekly", static options => options.DigestName = "weekly");
        await using ServiceProvider provider = services.BuildServiceProvider();
        IDigestRepository[] repositories = [provider.GetRequiredService<IDigestRepository>(), provider.GetRequiredKeyedService<IDigestRepository>("weekly")];
        await provider.DisposeAsync();

        foreach (IDigestRepository repository in repositories)
        {
            StoreResult result = await repository.StoreAsync(Some.Date, Some.Items(2), cancellationToken: Token);
            AssertAllDisposed(result);
            Assert.Equal((2, 0), (result.Failed, result.Cost.Requests));
            await Assert.ThrowsAsync<ObjectDisposedException>(() => repository.GetAsync(Some.Date, Token));
        }

        Assert.Equal(0, made);
    }

    [Fact]
    public void A_source_of_clients_that_is_disposed_makes_none()
    {
        var own = new OwnClientSource();
        own.Open(Some.Options());
        own.Dispose();

        Assert.Throws<ObjectDisposedException>(() => own.Open(Some.Options()));
    }

    [Fact]
    public async Task A_container_that_is_disposed_ends_the_store_of_its_repository()
    {
        await using ServiceProvider provider = new ServiceCollection().AddInMemoryDigestStore().Services.BuildServiceProvider();
        var repository = (InMemoryDigestRepository)provider.GetRequiredService<IDigestRepository>();
        repository.Faults.Hang();
        Task<StoreResult> storing = repository.StoreAsync(Some.Date, Some.Items(60), new StoreCallOptions { Deadline = TimeSpan.FromMinutes(10) }, Token);

        await provider.DisposeAsync();

        StoreResult result = await storing;
        Assert.Equal(60, result.Failed);
        AssertAllDisposed(result);
        Assert.Equal(0, repository.Storage.Count);
    }

    [Fact]
    public async Task The_health_check_of_a_disposed_repository_says_so()
    {
        DigestRepository repository = Some.Repository(_table);
        await using var scenario = new HealthScenario(repository);
        await repository.DisposeAsync();

        HealthReportEntry entry = await scenario.CheckAsync(Token);

        Assert.Equal((HealthStatus.Unhealthy, "Disposed"), (entry.Status, entry.Data["reason"]));
        Assert.Contains("disposed", entry.Description, StringComparison.Ordinal);
        Assert.Equal(0, _table.Requests);
    }

    [Fact]
    public async Task Nothing_is_replayed_into_a_disposed_repository()
    {
        DigestRepository repository = Some.Repository(_table);
        repository.Dispose();
        IReplayTarget target = repository;

        Assert.Throws<ObjectDisposedException>(() => target.ReplayScope());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => target.ReplayAsync(Some.Date, [], Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ((IProbeTarget)repository).ProbeAsync(Some.Date, Token));
        Assert.Equal(0, _table.Requests);
    }

    private static void AssertAllDisposed(StoreResult result) => Assert.All(
        result.Problems.Where(static problem => problem.Outcome == DigestItemOutcome.Failed),
        static problem =>
        {
            Assert.Equal(StoreProblemReason.Disposed, problem.Reason);
            Assert.Contains("disposed", problem.Message, StringComparison.Ordinal);
        });

    private static async Task ReadAsync(IDigestRepository repository, string read)
    {
        switch (read)
        {
            case "get":
                await repository.GetAsync(Some.Date, Token);
                break;
            case "read":
                await foreach (StoredDigestItem _ in repository.ReadAsync(Some.Date, Token))
                {
                }

                break;
            case "find":
                await repository.FindAsync(Some.Date, Some.Item(0).Url, Token);
                break;
            case "find by id":
                await repository.FindAsync(Some.Date, Some.Id(0), Token);
                break;
            case "delete":
                await repository.DeleteAsync(Some.Date, Some.Item(0).Url, Token);
                break;
            case "delete by id":
                await repository.DeleteAsync(Some.Date, Some.Id(0), Token);
                break;
            default:
                await repository.GetStatisticsAsync(Some.Date, Token);
                break;
        }
    }

    private (IDigestRepository Repository, Func<int> Stored) Make(string kind, ClientDouble client)
    {
        var memory = new InMemoryDigestRepository(services: new DigestStoreServices { DeadLetters = _letters });
        return kind switch
        {
            "in memory" => (memory, () => memory.Storage.Count),
            "over an injected client" => (new DigestRepository(client, Some.Options(), new DigestStoreServices { DeadLetters = _letters }), () => 0),
            _ => (Make(new FixedClock()), () => _table.Storage.Count),
        };
    }

    private DigestRepository Make(FixedClock clock, Action<DigestStoreOptions>? change = null)
    {
        DigestStoreOptions options = Some.Options(change);
        return new DigestRepository(_table.ToSource(), () => options, new DigestStoreServices { TimeProvider = clock, DeadLetters = _letters });
    }

    private static Task<T> Hang<T>(TaskCompletionSource asked)
    {
        asked.TrySetResult();
        return new TaskCompletionSource<T>().Task;
    }

    private static IEnumerable<DigestItem> Endless()
    {
        for (int number = 0; ; number++)
        {
            yield return Some.Item(number);
        }
    }

    // Hears no token.
    private static async IAsyncEnumerable<DigestItem> HangingAfter(
        int items, TaskCompletionSource hanging, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (DigestItem item in Some.Items(items))
        {
            yield return item;
        }

        hanging.SetResult();
        await new TaskCompletionSource().Task;
        cancellationToken.ThrowIfCancellationRequested();
    }

    private sealed class HangingSink(TaskCompletionSource told) : IDeadLetterSink
    {
        public Task WriteAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken = default)
        {
            told.TrySetResult();
            return new TaskCompletionSource().Task;
        }
    }

    private sealed class CountingSource(TableDouble table) : ITableSource
    {
        private int _disposals;

        public int Disposals => _disposals;

        public IDigestTable Open(DigestStoreOptions options) => table;

        public void Dispose() => Interlocked.Increment(ref _disposals);
    }
}
