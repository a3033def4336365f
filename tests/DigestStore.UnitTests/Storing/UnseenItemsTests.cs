using DigestStore.DeadLetters;

namespace DigestStore.UnitTests.Storing;

/// <summary>Items of a large collection that the end of the call left no time to look at.</summary>
public sealed class UnseenItemsTests
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

    private static DigestRepository Repository(TimeProvider time, IDeadLetterSink sink, int maxProblems = 100)
    {
        DigestStoreOptions options = Some.Options(options => options.MaxProblems = maxProblems);
        return new DigestRepository(new TableDouble().ToSource(), () => options, null, time, sink);
    }

    private static Task<StoreResult> StoreAsync(DigestRepository repository, List<DigestItem> items, TimeSpan deadline) =>
        repository.StoreAsync(Some.Date, items, new StoreCallOptions { Deadline = deadline }, Token);

    private List<DigestItem> Slow(int count, TimeSpan each)
    {
        var tags = new ActingList(() => _clock.Advance(each));
        return Some.Items(count).ConvertAll(item => item with { Tags = tags });
    }
}
