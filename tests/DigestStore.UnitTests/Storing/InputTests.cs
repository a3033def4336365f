using System.Collections;
using System.Runtime.CompilerServices;
using DigestStore.Calls;
using DigestStore.Storing;

namespace DigestStore.UnitTests.Storing;

public sealed class InputTests
{
    private readonly StoreLedger _ledger = new(100);

    [Fact]
    public async Task A_collection_is_one_window()
    {
        using CallScope scope = Some.Scope();
        var input = new CollectionInput([.. Some.Items(3), null!, Some.Item(0)], Preparer(), scope, 100);

        Window window = (await input.NextAsync())!;

        Assert.Equal((3, true), (window.Items.Count, window.IsLast));
        Assert.Equal(5, _ledger.Received);
        Assert.Null(await input.NextAsync());
        Assert.Null(input.Error);
    }

    [Fact]
    public async Task A_collection_that_throws_at_its_17th_item_hands_in_16()
    {
        using CallScope scope = Some.Scope();
        var input = new CollectionInput(Throwing(17), Preparer(), scope, 100);

        Window window = (await input.NextAsync())!;

        Assert.Equal(16, window.Items.Count);
        Assert.Equal("17", Assert.IsType<InvalidTimeZoneException>(input.Error).Message);
    }

    [Fact]
    public async Task A_collection_without_an_end_ends_at_the_limit()
    {
        using CallScope scope = Some.Scope();
        var input = new CollectionInput(Endless(), Preparer(), scope, 1_000);

        Window window = (await input.NextAsync())!;

        Assert.Equal((1_000, 1_000), (window.Items.Count, _ledger.Received));
        Assert.Contains("more than 1000 items", Assert.IsType<InvalidOperationException>(input.Error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collection_of_exactly_the_limit_is_whole()
    {
        using CallScope scope = Some.Scope();
        var input = new CollectionInput(Some.Items(10), Preparer(), scope, 10);

        Assert.Equal(10, (await input.NextAsync())!.Items.Count);
        Assert.Null(input.Error);
    }

    [Fact]
    public async Task A_collection_is_enumerated_once()
    {
        using CallScope scope = Some.Scope();
        var once = new Once(Some.Items(4));

        Assert.Equal(4, (await new CollectionInput(once, Preparer(), scope, 10).NextAsync())!.Items.Count);
        Assert.Equal(1, once.Enumerations);
    }

    [Fact]
    public async Task A_lazy_collection_ends_with_the_call_and_a_ready_one_is_counted()
    {
        using var caller = new CancellationTokenSource();
        await caller.CancelAsync();
        using CallScope scope = Some.Scope(caller: caller.Token);
        var lazy = new CollectionInput(Endless(), Preparer(), scope, 2_000);
        var ready = new CollectionInput(Some.Items(5), Preparer(), scope, 100);

        Assert.InRange((await lazy.NextAsync())!.Items.Count, 1, Preparation.AlwaysPrepared);
        Assert.IsType<OperationCanceledException>(lazy.Error);
        Assert.Equal(5, (await ready.NextAsync())!.Items.Count);
        Assert.Null(ready.Error);
    }

    [Fact]
    public async Task A_lazy_collection_past_the_deadline_says_so()
    {
        using CallScope scope = Some.Scope(deadline: TimeSpan.Zero);
        var lazy = new CollectionInput(Endless(), Preparer(), scope, 2_000);

        await lazy.NextAsync();

        Assert.IsType<TimeoutException>(lazy.Error);
    }

    [Fact]
    public async Task A_stream_becomes_windows_of_distinct_items()
    {
        using CallScope scope = Some.Scope();
        await using var input = new StreamInput(Some.Stream(Some.Items(25)), Preparer(), scope, 10, 1);

        Assert.Equal([(10, false), (10, false), (5, true)], await ReadAsync(input));
        Assert.Null(await input.NextAsync());
        Assert.Null(input.Error);
    }

    [Fact]
    public async Task Invalid_items_and_copies_do_not_keep_a_window_open_for_ever()
    {
        using CallScope scope = Some.Scope();
        await using var input = new StreamInput(Some.Stream(Enumerable.Repeat<DigestItem>(null!, 200)), Preparer(), scope, 10, 1);

        List<(int, bool)> windows = await ReadAsync(input);

        Assert.Equal([(0, false), (0, false), (0, true)], windows);
        Assert.Equal(200, _ledger.Received);
    }

    [Fact]
    public async Task Large_items_fill_a_window_by_their_bytes()
    {
        using CallScope scope = Some.Scope();
        string text = new('x', 390_000);
        await using var input = new StreamInput(Some.Stream(Some.Items(100).Select(item => item with { Summary = text })), Preparer(), scope, 1_000, 1);

        Window first = (await input.NextAsync())!;

        Assert.InRange(first.Items.Sum(static item => (long)item.Size), 32 * 1024 * 1024, 33 * 1024 * 1024);
        Assert.False(first.IsLast);
    }

    [Fact]
    public async Task A_stream_that_throws_at_its_17th_item_hands_in_16()
    {
        using CallScope scope = Some.Scope();
        await using var input = new StreamInput(Some.Stream(Throwing(17)), Preparer(), scope, 10, 1);

        Assert.Equal([(10, false), (6, true)], await ReadAsync(input));
        Assert.IsType<InvalidTimeZoneException>(input.Error);
        Assert.Null(await input.NextAsync());
    }

    [Fact]
    public async Task A_producer_whose_start_throws_is_an_error_of_the_input()
    {
        using CallScope scope = Some.Scope();
        await using var input = new StreamInput(new Unstartable(), Preparer(), scope, 10, 1);

        Assert.Empty((await input.NextAsync())!.Items);
        Assert.IsType<InvalidTimeZoneException>(input.Error);
    }

    [Fact]
    public async Task A_slow_producer_s_window_closes_after_a_second_and_goes_on_where_it_stopped()
    {
        var clock = new FixedClock { Hurry = TimeSpan.FromSeconds(1) };
        using CallScope scope = Some.Scope(clock);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var input = new StreamInput(Slow(3, gate.Task, 2), Preparer(), scope, 10, 1);

        Window partial = (await input.NextAsync())!;
        gate.SetResult();
        Window rest = (await input.NextAsync())!;

        Assert.Equal((3, false, 2, true), (partial.Items.Count, partial.IsLast, rest.Items.Count, rest.IsLast));
        Assert.Equal(FixedClock.Start.AddSeconds(1), clock.GetUtcNow());
    }

    [Fact]
    public async Task A_producer_that_ignores_its_token_ends_with_the_call_and_is_disposed_when_it_comes_back()
    {
        using var caller = new CancellationTokenSource();
        using CallScope scope = Some.Scope(caller: caller.Token);
        var producer = new Deaf();
        var input = new StreamInput(producer, Preparer(), scope, 10, 1);
        Task<Window?> next = input.NextAsync();

        await caller.CancelAsync();

        Assert.True((await next)!.IsLast);
        Assert.IsType<OperationCanceledException>(input.Error);
        await input.DisposeAsync();
        Assert.False(producer.Disposed.Task.IsCompleted);
        producer.Next.SetResult(false);
        await producer.Disposed.Task;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task A_producer_that_blocks_its_thread_is_left_behind_at_the_end_of_the_call(int before)
    {
        using var caller = new CancellationTokenSource();
        using CallScope scope = Some.Scope(caller: caller.Token);
        using var producer = new Blocking(before);
        var input = new StreamInput(producer, Preparer(), scope, 10, 1);
        Task<Window?> next = input.NextAsync();
        await producer.Blocked.Task;

        await caller.CancelAsync();
        Window window = (await next)!;

        Assert.Equal((before, true, before), (window.Items.Count, window.IsLast, _ledger.Received));
        Assert.IsType<OperationCanceledException>(input.Error);
        Assert.Null(await input.NextAsync());
        await input.DisposeAsync();
        Assert.False(producer.Disposed.Task.IsCompleted);

        producer.Release.Set();
        await producer.Disposed.Task;
        Assert.Equal(before, _ledger.Received);
        Assert.IsType<OperationCanceledException>(input.Error);
    }

    [Fact]
    public async Task A_store_whose_producer_blocks_its_thread_ends_with_its_caller_and_keeps_what_was_received()
    {
        using var caller = new CancellationTokenSource();
        using var producer = new Blocking(before: 3);
        using DigestRepository repository = Some.Repository(new TableDouble());
        Task<StoreResult> storing = repository.StoreAsync(Some.Date, producer, cancellationToken: caller.Token);
        await producer.Blocked.Task;

        await caller.CancelAsync();
        StoreResult result = (await Assert.ThrowsAsync<DigestStoreCanceledException>(() => storing)).Result;
        producer.Release.Set();
        await producer.Disposed.Task;

        Assert.Equal((3, 3), (result.Received, result.Failed));
        Assert.All(result.Problems.Where(static problem => problem.Index is not null), static problem => Assert.Equal(StoreProblemReason.Canceled, problem.Reason));
        Assert.Equal(3, result.Outcomes.Count);
    }

    [Fact]
    public async Task A_producer_whose_start_blocks_its_thread_is_left_behind_too()
    {
        using var caller = new CancellationTokenSource();
        using CallScope scope = Some.Scope(caller: caller.Token);
        using var producer = new Blocking(before: 0) { BlocksAtStart = true };
        var input = new StreamInput(producer, Preparer(), scope, 10, 1);
        Task<Window?> next = input.NextAsync();
        await producer.Blocked.Task;

        await caller.CancelAsync();

        Assert.Empty((await next)!.Items);
        await input.DisposeAsync();
        producer.Release.Set();
        await producer.Disposed.Task;
        Assert.Equal(0, _ledger.Received);
    }

    [Fact]
    public async Task An_item_whose_tags_block_is_left_behind_at_the_end_of_the_call()
    {
        using var caller = new CancellationTokenSource();
        using CallScope scope = Some.Scope(caller: caller.Token);
        using var tags = new BlockingTags();
        var input = new StreamInput(Some.Stream([Some.Item(1), Some.Item(2) with { Tags = tags }]), Preparer(), scope, 10, 1);
        Task<Window?> next = input.NextAsync();
        await tags.Blocked.Task;

        await caller.CancelAsync();
        Window window = (await next)!;
        await input.DisposeAsync();
        tags.Release.Set();

        Assert.Equal((1, true, 1), (window.Items.Count, window.IsLast, _ledger.Received));
        Assert.IsType<OperationCanceledException>(input.Error);
    }

    [Fact]
    public async Task A_producer_is_told_when_the_input_is_disposed_before_its_end()
    {
        using CallScope scope = Some.Scope();
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var input = new StreamInput(Waiting(told), Preparer(), scope, 10, 1);
        Task<Window?> next = input.NextAsync();

        await input.DisposeAsync();

        await told.Task;
        Assert.True((await next)!.IsLast);
        Assert.IsType<InvalidOperationException>(input.Error);
        Assert.False(scope.IsOver);
    }

    [Fact]
    public async Task A_producer_whose_token_callback_blocks_does_not_hold_up_the_end_of_the_call()
    {
        using var caller = new CancellationTokenSource();
        using CallScope scope = Some.Scope(caller: caller.Token);
        using var release = new ManualResetEventSlim();
        var registered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var input = new StreamInput(Stubborn(registered, release), Preparer(), scope, 10, 1);
        Task<Window?> next = input.NextAsync();
        await registered.Task;

        await caller.CancelAsync();

        Assert.True((await next)!.IsLast);
        await input.DisposeAsync();
        release.Set();
    }

    [Fact]
    public async Task A_producer_whose_disposal_throws_changes_nothing()
    {
        using CallScope scope = Some.Scope();
        var producer = new Deaf();
        producer.Next.SetResult(false);
        producer.Disposed.SetException(new InvalidTimeZoneException());
        var input = new StreamInput(producer, Preparer(), scope, 10, 1);

        Assert.True((await input.NextAsync())!.IsLast);
        await input.DisposeAsync();
        Assert.Null(input.Error);
    }

    [Fact]
    public async Task A_switched_off_store_skips_every_item_without_looking_at_it()
    {
        using CallScope scope = Some.Scope();
        var input = new CollectionInput([Some.Item(), null!], new ItemPreparer(Some.Settings(static options => options.Enabled = false), _ledger, Some.Date, FixedClock.Start), scope, 10);

        Assert.Empty((await input.NextAsync())!.Items);
        Assert.Equal(2, _ledger.ToResult(scope, "", null, deadLettered: 0, disabled: true).Skipped);
    }

    private ItemPreparer Preparer() => new(Some.Settings(), _ledger, Some.Date, FixedClock.Start);

    private static async Task<List<(int Items, bool IsLast)>> ReadAsync(StreamInput input)
    {
        var windows = new List<(int, bool)>();
        while (windows.Count < 100 && await input.NextAsync() is { } window)
        {
            windows.Add((window.Items.Count, window.IsLast));
        }

        return windows;
    }

    private static IEnumerable<DigestItem> Throwing(int at)
    {
        for (int number = 1; ; number++)
        {
            yield return number == at ? throw new InvalidTimeZoneException(number.ToString(System.Globalization.CultureInfo.InvariantCulture)) : Some.Item(number);
        }
    }

    private static IEnumerable<DigestItem> Endless()
    {
        for (int number = 0; ; number++)
        {
            yield return Some.Item(number);
        }
    }

    private static async IAsyncEnumerable<DigestItem> Slow(int before, Task gate, int after, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (DigestItem item in Some.Items(before))
        {
            yield return item;
        }

        await gate.WaitAsync(cancellationToken);
        foreach (DigestItem item in Some.Items(after, 100))
        {
            yield return item;
        }
    }

    private static async IAsyncEnumerable<DigestItem> Waiting(TaskCompletionSource told, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            told.SetResult();
        }

        yield return Some.Item();
    }

    private static async IAsyncEnumerable<DigestItem> Stubborn(
        TaskCompletionSource registered, ManualResetEventSlim release, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using CancellationTokenRegistration callback = cancellationToken.Register(() => release.Wait(CancellationToken.None));
        registered.SetResult();
        await Task.Delay(Timeout.Infinite, cancellationToken);
        yield return Some.Item();
    }

    private sealed class BlockingTags : IReadOnlyList<string>, IDisposable
    {
        public TaskCompletionSource Blocked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ManualResetEventSlim Release { get; } = new();

        public int Count
        {
            get
            {
                Blocked.TrySetResult();
                Release.Wait(CancellationToken.None);
                return 0;
            }
        }

        public string this[int index] => throw new InvalidTimeZoneException();

        public IEnumerator<string> GetEnumerator() => throw new InvalidTimeZoneException();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        // Of the test's own; what still waits for it is not to fail.
        public void Dispose() => Release.Set();
    }

    private sealed class Once(List<DigestItem> items) : IEnumerable<DigestItem>
    {
        public int Enumerations { get; private set; }

        public IEnumerator<DigestItem> GetEnumerator() => Enumerations++ == 0 ? items.GetEnumerator() : throw new InvalidOperationException("twice");

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class Unstartable : IAsyncEnumerable<DigestItem>
    {
        public IAsyncEnumerator<DigestItem> GetAsyncEnumerator(CancellationToken cancellationToken = default) => throw new InvalidTimeZoneException();
    }

    // Hands in some items, blocks the thread that asks for the next, and has one more when it is released.
    private sealed class Blocking(int before) : IAsyncEnumerable<DigestItem>, IAsyncEnumerator<DigestItem>, IDisposable
    {
        private int _handedIn;

        public bool BlocksAtStart { get; init; }

        public TaskCompletionSource Blocked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ManualResetEventSlim Release { get; } = new();

        public DigestItem Current => Some.Item(_handedIn);

        public IAsyncEnumerator<DigestItem> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            BlockIf(BlocksAtStart);
            return this;
        }

        public ValueTask<bool> MoveNextAsync()
        {
            BlockIf(++_handedIn > before);
            return new(true);
        }

        public ValueTask DisposeAsync()
        {
            Disposed.TrySetResult();
            return ValueTask.CompletedTask;
        }

        // Of the test's own.
        public void Dispose() => Release.Dispose();

        private void BlockIf(bool now)
        {
            if (now)
            {
                Blocked.TrySetResult();
                Release.Wait(CancellationToken.None);
            }
        }
    }

    private sealed class Deaf : IAsyncEnumerable<DigestItem>, IAsyncEnumerator<DigestItem>
    {
        public TaskCompletionSource<bool> Next { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public DigestItem Current => Some.Item();

        public IAsyncEnumerator<DigestItem> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

        public ValueTask<bool> MoveNextAsync() => new(Next.Task);

        public ValueTask DisposeAsync()
        {
            Disposed.TrySetResult();
            return new(Disposed.Task);
        }
    }
}
