using System.Collections;
using System.Diagnostics;
using DigestStore.Calls;
using DigestStore.DeadLetters;
using DigestStore.Storing;

namespace DigestStore.UnitTests.Storing;

/// <summary>Collections of the caller's own making, which do what no collection should.</summary>
public sealed class CollectionCopyTests : IDisposable
{
    private const int Limit = 1_000;

    private readonly CancellationTokenSource _caller = new();
    private readonly CallScope _scope;

    public CollectionCopyTests() => _scope = Some.Scope(caller: _caller.Token);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _scope.Dispose();
        _caller.Dispose();
    }

    [Fact]
    public void An_enumerator_whose_disposal_throws_after_the_last_item_changes_nothing()
    {
        var items = new Scripted(3) { OnDispose = static () => throw new InvalidTimeZoneException() };

        Assert.Equal((3, null), Copy(items));
    }

    [Fact]
    public void An_enumerator_that_breaks_off_keeps_its_own_error_when_its_disposal_throws_too()
    {
        var items = new Scripted(3) { OnMove = static number => number == 2 ? throw new FormatException() : true, OnDispose = static () => throw new InvalidTimeZoneException() };

        Assert.Equal((2, typeof(FormatException)), Copy(items));
    }

    [Fact]
    public void An_enumerator_is_disposed_once_before_the_copy_is_handed_over()
    {
        int disposals = 0;

        Copy(new Scripted(3) { OnDispose = () => disposals++ });
        Assert.Equal(1, disposals);
        Copy(new Scripted(3) { OnMove = static _ => throw new FormatException(), OnDispose = () => disposals++ });
        Assert.Equal(2, disposals);
        Copy(new Scripted(2 * Limit) { OnDispose = () => disposals++ });
        Assert.Equal(3, disposals);
    }

    [Fact]
    public void An_enumerator_whose_disposal_hangs_is_left_behind()
    {
        using var release = new ManualResetEventSlim();

        Assert.Equal((3, null), Copy(new Scripted(3) { OnDispose = () => release.Wait(Token) }));
        release.Set();
    }

    [Fact]
    public void A_disposal_that_hangs_holds_the_caller_no_longer_than_the_call_lasts()
    {
        using var release = new ManualResetEventSlim();
        long began = Stopwatch.GetTimestamp();
        var items = new Scripted(3)
        {
            OnDispose = () =>
            {
                _caller.Cancel();
                release.Wait(Token);
            },
        };

        Assert.Equal((3, null), Copy(items));
        TimeSpan held = Stopwatch.GetElapsedTime(began);
        release.Set();

        // Without an end of the call it would be a whole second.
        Assert.InRange(held, TimeSpan.Zero, TimeSpan.FromSeconds(0.95));
    }

    [Theory]
    [InlineData("start")]
    [InlineData("move")]
    [InlineData("current")]
    public void An_enumerator_that_throws_hands_in_what_came_before(string member)
    {
        var items = new Scripted(5)
        {
            OnStart = () => member == "start" ? throw new FormatException() : false,
            OnMove = number => member == "move" && number == 2 ? throw new FormatException() : true,
            OnCurrent = number => member == "current" && number == 3 ? throw new FormatException() : Some.Item(number),
        };

        Assert.Equal((member == "start" ? 0 : 2, typeof(FormatException)), Copy(items));
    }

    [Fact]
    public void A_collection_without_an_enumerator_says_so()
    {
        List<DigestItem?> copy = CollectionCopy.Of(new Scripted(5) { OnStart = static () => true }, _scope, Limit, out Exception? error);

        Assert.Empty(copy);
        Assert.Contains("GetEnumerator", Assert.IsType<InvalidOperationException>(error).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(900)]
    [InlineData(int.MaxValue)]
    [InlineData(null)]
    public void A_count_that_lies_or_throws_is_only_a_hint(int? count)
    {
        var items = new Counted(7) { OnCount = () => count ?? throw new FormatException() };

        Assert.Equal((7, null), Copy(items));
        Assert.Equal(0, items.Copies);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public async Task A_collection_that_blocks_is_left_behind_at_the_end_of_the_call(int count)
    {
        using var release = new ManualResetEventSlim();
        var blocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var items = new Counted(10)
        {
            OnCount = () => count,
            OnMove = number =>
            {
                if (number == 3)
                {
                    blocked.SetResult();
                    release.Wait(Token);
                }

                return true;
            },
        };
        Task<(int, Type?)> copying = Task.Run(() => Copy(items), Token);
        await blocked.Task;

        await _caller.CancelAsync();
        (int, Type?) copied = await copying;
        release.Set();

        Assert.Equal((3, typeof(OperationCanceledException)), copied);
    }

    [Fact]
    public void A_collection_without_an_end_ends_with_the_call_whatever_it_says_of_its_count()
    {
        var items = new Counted(int.MaxValue)
        {
            OnCount = static () => 50,
            OnMove = number =>
            {
                if (number == 200)
                {
                    _caller.Cancel();
                }

                return true;
            },
        };

        // The caller is told by the copy or by whoever reads, whichever sees the end first.
        List<DigestItem?> copy = CollectionCopy.Of(items, _scope, int.MaxValue, out Exception? error);
        Assert.InRange(copy.Count, 200, 201);
        Assert.IsType<OperationCanceledException>(error);
    }

    [Fact]
    public async Task A_collection_is_read_although_the_call_was_over_before_it_began()
    {
        await _caller.CancelAsync();

        Assert.Equal((5, null), Copy(Some.Items(5)));
        Assert.Equal((5, null), Copy(Some.Items(5).ToArray()));
        Assert.Equal((5, null), Copy(Some.Items(5).ToHashSet()));
        Assert.Equal((5, null), Copy(Some.Items(5).AsReadOnly()));
        Assert.Equal((5, null), Copy(Some.Items(5).Where(static _ => true)));
    }

    [Fact]
    public async Task One_without_a_count_is_read_only_in_part_then()
    {
        await _caller.CancelAsync();

        List<DigestItem?> copy = CollectionCopy.Of(new Scripted(int.MaxValue), _scope, int.MaxValue, out Exception? error);

        Assert.Equal(Preparation.AlwaysPrepared, copy.Count);
        Assert.IsType<OperationCanceledException>(error);
    }

    [Fact]
    public async Task One_that_blocks_is_left_behind_then()
    {
        using var release = new ManualResetEventSlim();
        await _caller.CancelAsync();

        (int, Type?) copied = Copy(new Scripted(10) { OnMove = number => number < 3 || release.Wait(Timeout.Infinite, Token) });
        release.Set();

        Assert.Equal((3, typeof(OperationCanceledException)), copied);
    }

    [Fact]
    public async Task A_disposed_repository_hands_a_query_s_items_to_the_sink()
    {
        var letters = new KeptLetters();
        DigestStoreOptions options = Some.Options();
        var repository = new DigestRepository(new TableDouble().ToSource(), () => options, new DigestStoreServices { TimeProvider = new FixedClock(), DeadLetters = letters });
        repository.Dispose();

        StoreResult result = await repository.StoreAsync(Some.Date, Some.Items(30).Where(static _ => true), cancellationToken: Token);

        Assert.Equal((30, 30, 30), (result.Received, result.Failed, letters.Letters.Count));
        Assert.All(result.Problems, static problem => Assert.Equal(StoreProblemReason.Disposed, problem.Reason));
        Assert.Null(result.InputError);
    }

    [Theory]
    [InlineData("array")]
    [InlineData("list")]
    [InlineData("other")]
    public void The_limit_holds_for_each_kind(string kind)
    {
        List<DigestItem> items = Some.Items(Limit + 1);
        IEnumerable<DigestItem> input = kind switch { "array" => items.ToArray(), "list" => items, _ => items.Where(static _ => true) };

        Assert.Equal((Limit, typeof(InvalidOperationException)), Copy(input));
        Assert.Equal((Limit, null), Copy(kind switch { "array" => items[1..].ToArray(), "list" => items[1..], _ => items.Skip(1) }));
    }

    [Fact]
    public void The_caller_s_flow_reaches_its_enumerator()
    {
        var ambient = new AsyncLocal<string> { Value = "mine" };
        string? seen = null;

        Copy(new Scripted(1) { OnCurrent = number => { seen = ambient.Value; return Some.Item(number); } });

        Assert.Equal("mine", seen);
    }

    [Fact]
    public void What_says_that_the_process_is_broken_passes_through() =>
        Assert.Throws<InsufficientExecutionStackException>(() => Copy(new Scripted(3) { OnMove = static _ => throw new InsufficientExecutionStackException() }));

    [Fact]
    public async Task A_store_whose_enumerator_cannot_clean_up_is_stored()
    {
        using DigestRepository repository = Some.Repository(new TableDouble());

        StoreResult result = await repository.StoreAsync(Some.Date, new Scripted(30) { OnDispose = static () => throw new InvalidTimeZoneException() }, cancellationToken: Token);

        Assert.Equal((StoreStatus.Stored, 30), (result.Status, result.Inserted));
        Assert.Null(result.InputError);
        Assert.Empty(result.Problems);
    }

    [Fact]
    public async Task A_store_of_a_collection_that_blocks_ends_at_its_deadline()
    {
        using var release = new ManualResetEventSlim();
        var blocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var clock = new FixedClock();
        using DigestRepository repository = Some.Repository(new TableDouble(), time: clock);
        var items = new Scripted(10)
        {
            OnMove = number =>
            {
                if (number == 3)
                {
                    blocked.SetResult();
                    release.Wait(Token);
                }

                return true;
            },
        };
        Task<StoreResult> storing = Task.Run(() => repository.StoreAsync(Some.Date, items, cancellationToken: Token), Token);
        await blocked.Task;

        clock.Advance(DigestStoreDefaults.Deadline);
        StoreResult result = await storing;
        release.Set();

        Assert.Equal((StoreStatus.Failed, 3, 3), (result.Status, result.Received, result.Failed));
        Assert.IsType<TimeoutException>(result.InputError);
    }

    private (int Items, Type? Error) Copy(IEnumerable<DigestItem> items)
    {
        List<DigestItem?> copy = CollectionCopy.Of(items, _scope, Limit, out Exception? error);
        return (copy.Count, error?.GetType());
    }

    private class Scripted(int items) : IEnumerable<DigestItem>, IEnumerator<DigestItem>
    {
        private int _number;

        // Whether there is no enumerator.
        public Func<bool> OnStart { get; init; } = static () => false;

        public Func<int, bool> OnMove { get; init; } = static _ => true;

        public Func<int, DigestItem> OnCurrent { get; init; } = Some.Item;

        public Action OnDispose { get; init; } = static () => { };

        public DigestItem Current => OnCurrent(_number);

        object IEnumerator.Current => Current;

        public IEnumerator<DigestItem> GetEnumerator() => OnStart() ? null! : this;

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public bool MoveNext() => OnMove(_number) && _number++ < items;

        public void Reset() => throw new NotSupportedException();

        public void Dispose() => OnDispose();
    }

    private sealed class Counted(int items) : Scripted(items), ICollection<DigestItem>
    {
        public Func<int> OnCount { get; init; } = static () => 0;

        public int Copies { get; private set; }

        public int Count => OnCount();

        public bool IsReadOnly => true;

        // Writes less than it has, and is not to be asked.
        public void CopyTo(DigestItem[] array, int arrayIndex)
        {
            Copies++;
            throw new InvalidTimeZoneException();
        }

        public bool Contains(DigestItem item) => throw new NotSupportedException();

        public void Add(DigestItem item) => throw new NotSupportedException();

        public bool Remove(DigestItem item) => throw new NotSupportedException();

        public void Clear() => throw new NotSupportedException();
    }
}
