using DigestStore.DeadLetters;

namespace DigestStore.UnitTests.Storing;

/// <summary>Items of a large collection that the end of the call left no time to look at.</summary>
public sealed class UnpreparedItemsTests
{
    private const int Many = 5_000;

    private readonly FixedClock _clock = new();
    private readonly KeptLetters _letters = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_that_is_too_large_is_told_what_is_large_in_it()
    {
        List<DigestItem> items = Slow(Many, TimeSpan.FromMilliseconds(1));
        items[1_700] = Some.Item(1_700) with { Summary = new string('x', 500_000) };
        using DigestRepository repository = Repository(_clock, _letters, Many);

        StoreResult result = await StoreAsync(repository, items, TimeSpan.FromSeconds(2));

        StoreProblem problem = Assert.Single(result.Problems, static problem => problem.Reason == StoreProblemReason.ItemTooLarge);
        Assert.Equal(1_700, problem.Index);
        Assert.Contains("Shorten what is large in it", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_time_that_the_sink_took_for_the_others_is_theirs_no_more()
    {
        int writes = 0;
        var sink = new ActingSink(_letters, () => _clock.Advance(TimeSpan.FromSeconds(writes++ == 0 ? 1.5 : 0)));
        using DigestRepository repository = Repository(_clock, sink);

        StoreResult result = await StoreAsync(repository, Slow(Many, TimeSpan.FromMilliseconds(5)), TimeSpan.FromSeconds(10));

        // Of the 10 s, 8 are for the store. The sink's first write takes 1.5 s of the 1.6 that may be spent on handing over.
        Assert.Equal((TimeSpan.FromSeconds(9.6), 1_620, Many), (result.Duration, result.DeadLettered, result.Failed));
    }

    [Fact]
    public async Task One_that_blocks_is_left_behind_although_the_store_s_clock_stands_still()
    {
        using var release = new ManualResetEventSlim();
        List<DigestItem> items = Slow(Many, TimeSpan.FromMilliseconds(1));
        items[1_700] = items[1_700] with { Tags = new ActingList(() => release.Wait(Token)) };
        using DigestRepository repository = Repository(_clock, _letters);

        StoreResult result = await StoreAsync(repository, items, TimeSpan.FromSeconds(2)).WaitAsync(TimeSpan.FromSeconds(30), Token);
        release.Set();

        Assert.Equal((Many, 1_600), (result.Failed, result.DeadLettered));
    }

    [Fact]
    public async Task An_error_while_they_are_looked_at_hands_over_nothing_twice()
    {
        var clock = new BreakingClock(_clock);
        int writes = 0;
        using DigestRepository repository = Repository(clock, new ActingSink(_letters, () => clock.BreaksOnce = ++writes == 1));

        StoreResult result = await StoreAsync(repository, Slow(Many, TimeSpan.FromMilliseconds(1)), TimeSpan.FromSeconds(2));

        Assert.Equal(Enumerable.Range(0, 1_600), _letters.Letters.Select(static letter => letter.Ordinal));
        Assert.Equal((Many, 1_600), (result.Failed, result.DeadLettered));
        Assert.Contains(result.Problems, static problem => problem.Reason == StoreProblemReason.DeadLettersNotWritten);
    }

    private static DigestRepository Repository(TimeProvider time, IDeadLetterSink sink, int maxProblems = 100)
    {
        DigestStoreOptions options = Some.Options(options => options.MaxProblems = maxProblems);
        return new DigestRepository(new TableDouble().ToSource(), () => options, new DigestStoreServices { TimeProvider = time, DeadLetters = sink });
    }

    private static Task<StoreResult> StoreAsync(DigestRepository repository, List<DigestItem> items, TimeSpan deadline) =>
        repository.StoreAsync(Some.Date, items, new StoreCallOptions { Deadline = deadline }, Token);

    private List<DigestItem> Slow(int count, TimeSpan each)
    {
        var tags = new ActingList(() => _clock.Advance(each));
        return Some.Items(count).ConvertAll(item => item with { Tags = tags });
    }

    private sealed class ActingSink(KeptLetters letters, Action whenWritten) : IDeadLetterSink
    {
        public Task WriteAsync(IReadOnlyList<DeadLetter> written, CancellationToken cancellationToken = default)
        {
            whenWritten();
            return letters.WriteAsync(written, cancellationToken);
        }
    }

    private sealed class BreakingClock(FixedClock clock) : TimeProvider
    {
        public bool BreaksOnce { get; set; }

        public override long TimestampFrequency => clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            clock.CreateTimer(callback, state, dueTime, period);

        public override long GetTimestamp()
        {
            if (BreaksOnce)
            {
                BreaksOnce = false;
                throw new InvalidTimeZoneException();
            }

            return clock.GetTimestamp();
        }
    }
}
