using System.Runtime.CompilerServices;
using DigestStore.DeadLetters;
using DigestStore.Table;

namespace DigestStore.UnitTests.Storing;

/// <summary>The library itself breaks in the middle of a store: here, because its port answers what it never may.</summary>
public sealed class BrokenStoreTests
{
    private readonly TableDouble _table = new();
    private readonly KeptLetters _letters = new();

    [Fact]
    public async Task What_a_broken_store_holds_becomes_letters()
    {
        _table.OnQuery = static _ => Task.FromResult(new PageReply { Items = null! });
        using DigestRepository repository = Repository(static _ => { });

        StoreResult result = await repository.StoreAsync(Some.Date, Some.Items(30), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((StoreStatus.Failed, 30, 30), (result.Status, result.Failed, result.DeadLettered));
        Assert.All(result.Problems, static problem => Assert.Equal(StoreProblemReason.InternalError, problem.Reason));
        Assert.Equal(Enumerable.Range(0, 30), _letters.Letters.Select(static letter => letter.Ordinal));
    }

    // The first window's write is refused for good: the windows after it have nothing to ask.
    [Fact]
    public async Task A_store_that_cannot_go_on_asks_the_table_nothing_more()
    {
        _table.OnWrite = static _ => new WriteReply { Sent = 1, Fault = Some.Fault(FaultKind.AccessDenied, 400) };

        // Every wait for an item moves the clock of the test on, so the deadline could pass while a busy machine has no thread for the answer.
        using DigestRepository repository = Some.Repository(
            _table, static options => (options.BatchSize, options.MaxConcurrency, options.Deadline, options.AttemptTimeout) = (1, 1, TimeSpan.FromHours(1), TimeSpan.FromMinutes(10)));

        StoreResult result = await repository.StoreAsync(Some.Date, Some.Stream(Some.Items(60)), cancellationToken: TestContext.Current.CancellationToken);

        // How much the producer has handed over by the time of the answer depends on the machine.
        Assert.InRange(result.Received, 2, 60);
        Assert.Equal(result.Received, result.Failed);
        Assert.All(result.Problems.Where(static problem => problem.Index is not null), static problem => Assert.Equal(StoreProblemReason.AccessDenied, problem.Reason));
        Assert.Single(_table.Writes);

        // The second window may be asked for while the first is being written.
        Assert.InRange(_table.Lookups.Count, 1, 2);
    }

    [Fact]
    public async Task A_broken_store_leaves_its_producer_behind_and_keeps_what_was_read_ahead()
    {
        var readAhead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _table.OnLookup = async _ =>
        {
            await readAhead.Task;
            return new LookupReply { KeyCount = 1, Records = null! };
        };

        // Windows of four.
        using DigestRepository repository = Repository(static options => (options.BatchSize, options.MaxConcurrency) = (1, 1));

        StoreResult result = await repository.StoreAsync(Some.Date, Producer(readAhead, told), cancellationToken: TestContext.Current.CancellationToken);
        await told.Task;

        Assert.Equal((6, 6, 6), (result.Received, result.Failed, result.DeadLettered));
        Assert.IsType<InvalidOperationException>(result.InputError);
        Assert.DoesNotContain(result.Problems, static problem => problem.Reason == StoreProblemReason.DeadLettersNotWritten);
    }

    private static async IAsyncEnumerable<DigestItem> Producer(
        TaskCompletionSource readAhead, TaskCompletionSource told, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (DigestItem item in Some.Items(6))
        {
            yield return item;
        }

        readAhead.SetResult();
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            told.SetResult();
        }
    }

    private DigestRepository Repository(Action<DigestStoreOptions> change)
    {
        DigestStoreOptions options = Some.Options(change);
        return new DigestRepository(_table.ToSource(), () => options, new DigestStoreServices { TimeProvider = new FixedClock(), DeadLetters = _letters });
    }
}
