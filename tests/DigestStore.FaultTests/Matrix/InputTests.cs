using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

public sealed class InputTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [FaultRow(71, "A null list, null items, null or blank titles, URLs and summaries", "Null for the list is the caller's error; bad items are rejected and counted, the others stored.")]
    public async Task Missing_parts_are_rejected_one_by_one()
    {
        await using var scenario = FaultScenario.Start();
        DigestItem good = FaultScenario.Items(1)[0];
        DigestItem[] items = [null!, good with { Title = null! }, good with { Title = "  " }, good with { Url = null! }, good with { Url = " " }, good with { Summary = null }];

        StoreResult result = await scenario.StoreAsync(items);

        Assert.Equal((StoreStatus.Stored, 1, 5), (result.Status, result.Inserted, result.Rejected));
        Assert.Equal(
            [StoreProblemReason.ItemMissing, StoreProblemReason.TitleMissing, StoreProblemReason.TitleMissing, StoreProblemReason.UrlMissing, StoreProblemReason.UrlMissing],
            result.Problems.Select(problem => problem.Reason));
        await Assert.ThrowsAsync<ArgumentNullException>(() => scenario.Repository.StoreAsync(FaultScenario.Date, (IEnumerable<DigestItem>)null!, cancellationToken: Token));
    }

    [Fact]
    [FaultRow(72, "The caller's enumerable throws at its 17th item", "The first 16 are stored; the result carries the caller's exception.")]
    public async Task What_came_before_a_broken_input_is_stored()
    {
        await using var scenario = FaultScenario.Start();

        StoreResult result = await scenario.Repository.StoreAsync(FaultScenario.Date, Broken(), cancellationToken: Token);

        Assert.Equal((StoreStatus.PartiallyStored, 16, 16), (result.Status, result.Received, result.Inserted));
        Assert.IsType<FormatException>(result.InputError);
        Assert.Equal(16, scenario.ServerItems().Count);

        static IEnumerable<DigestItem> Broken()
        {
            foreach (DigestItem item in FaultScenario.Items(16))
            {
                yield return item;
            }

            throw new FormatException("the caller's own");
        }
    }

    [Fact]
    [FaultRow(72, "The caller's enumerable has no end", "It is read to MaxItems and no further; those are stored.")]
    public async Task An_endless_input_ends_at_its_limit()
    {
        await using var scenario = FaultScenario.Start(options => options.MaxItems = 200);

        StoreResult result = await scenario.Repository.StoreAsync(FaultScenario.Date, Endless(), cancellationToken: Token);

        Assert.Equal((StoreStatus.PartiallyStored, 200, 200), (result.Status, result.Received, result.Inserted));
        Assert.NotNull(result.InputError);

        static IEnumerable<DigestItem> Endless()
        {
            for (int n = 0; ; n++)
            {
                yield return FaultScenario.Items(1, from: n)[0];
            }
        }
    }

    [Fact]
    [FaultRow(72, "The caller's enumerable can be read only once", "It is read once, also when batches are sent again.")]
    public async Task An_input_is_read_once()
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("BatchWriteItem").Answer(Fault.InternalServerError()).Times(2);
        int readings = 0;

        StoreResult result = await scenario.Repository.StoreAsync(FaultScenario.Date, Once(), cancellationToken: Token);

        Assert.Equal((StoreStatus.Stored, 30, 1), (result.Status, result.Inserted, readings));

        IEnumerable<DigestItem> Once()
        {
            readings++;
            foreach (DigestItem item in FaultScenario.Items(30))
            {
                yield return item;
            }
        }
    }

    [Fact]
    [FaultRow(72, "The caller's stream blocks its thread and hears no token", "The store ends with its caller and keeps what it had received; the blocked thread is left behind and changes nothing any more.")]
    public async Task A_stream_that_blocks_its_thread_ends_with_the_caller()
    {
        await using var scenario = FaultScenario.Start();
        using var caller = new CancellationTokenSource();
        using var release = new ManualResetEventSlim();
        var blocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        DigestItem[] items = FaultScenario.Items(4);

        StoreResult result = await scenario.ObserveAsync(items[..3], async () =>
        {
            Task<StoreResult> storing = scenario.Repository.StoreAsync(FaultScenario.Date, Blocking(), cancellationToken: caller.Token);
            await blocked.Task;
            await caller.CancelAsync();
            return (await Assert.ThrowsAsync<DigestStoreCanceledException>(() => storing)).Result;
        });
        release.Set();
        await disposed.Task;

        Assert.Equal((StoreStatus.Failed, 3, 3), (result.Status, result.Received, result.Failed));
        Assert.IsAssignableFrom<OperationCanceledException>(result.InputError);
        Assert.Equal(0, scenario.Server.Requests.Count);

#pragma warning disable CS1998 // A producer that never awaits is the point.
        async IAsyncEnumerable<DigestItem> Blocking()
#pragma warning restore CS1998
        {
            try
            {
                foreach (DigestItem item in items[..3])
                {
                    yield return item;
                }

                blocked.SetResult();
                release.Wait(CancellationToken.None);
                yield return items[3];
            }
            finally
            {
                disposed.SetResult();
            }
        }
    }

    [Fact]
    [FaultRow(73, "The caller changes its list and an item's tags while they are being stored", "What was handed in is stored.")]
    public async Task A_list_that_changes_meanwhile_is_stored_as_it_was()
    {
        await using var scenario = FaultScenario.Start();
        var changed = new TaskCompletionSource();
        scenario.Server.On("BatchGetItem").Answer(Fault.Hold(changed.Task)).Once();
        List<string> tags = ["one", "two"];
        List<DigestItem> items = [.. FaultScenario.Items(5).Select(item => item with { Tags = tags })];

        Task<StoreResult> storing = scenario.Repository.StoreAsync(FaultScenario.Date, items, cancellationToken: Token);
        items.Clear();
        tags.Clear();
        changed.SetResult();
        StoreResult result = await storing;

        Assert.Equal(5, result.Inserted);
        Assert.All(scenario.ServerItems(), item => Assert.Equal(2, item["tags"]!["L"]!.AsArray().Count));
    }
}
