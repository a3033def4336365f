using DigestStore.Calls;

namespace DigestStore.UnitTests.Calls;

// Who is told of the end of the repository, and when. What becomes of its calls is in the tests of the repository.
public sealed class DisposalTests
{
    [Fact]
    public void Only_the_first_begins_it()
    {
        using var disposal = new Disposal();
        Assert.False(disposal.HasBegun);

        Assert.True(disposal.TryBegin());

        Assert.True(disposal.HasBegun);
        Assert.False(disposal.TryBegin());
    }

    [Fact]
    public void Whoever_disposes_of_it_begins_it()
    {
        var disposal = new Disposal();

        disposal.Dispose();

        Assert.True(disposal.HasBegun);
        Assert.False(disposal.TryBegin());
    }

    [Fact]
    public void Without_a_store_under_way_it_is_done_at_once()
    {
        using var disposal = new Disposal();
        disposal.BeginStore().Dispose();
        Assert.False(disposal.AllStoresEnded.IsCompleted);

        disposal.TryBegin();

        Assert.True(disposal.AllStoresEnded.IsCompletedSuccessfully);
    }

    [Fact]
    public void It_is_done_when_the_last_store_under_way_has_ended()
    {
        using var disposal = new Disposal();
        Disposal.OpenStore first = disposal.BeginStore();
        Disposal.OpenStore second = disposal.BeginStore();
        disposal.TryBegin();

        first.Dispose();
        Assert.False(disposal.AllStoresEnded.IsCompleted);
        second.Dispose();

        Assert.True(disposal.AllStoresEnded.IsCompletedSuccessfully);
    }

    // The host's shutdown would otherwise run inside of the last store, and hold it up.
    [Fact]
    public async Task Whoever_waits_for_the_last_store_does_not_go_on_inside_of_it()
    {
        using var disposal = new Disposal();
        Disposal.OpenStore store = disposal.BeginStore();
        disposal.TryBegin();
        using var goneOn = new ManualResetEventSlim();
        Task<int> wentOn = disposal.AllStoresEnded.ContinueWith(
            _ =>
            {
                goneOn.Set();
                return Environment.CurrentManagedThreadId;
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);

        // Kept until then, so that no other thread can have its number.
        int ending = await Task.Factory.StartNew(
            () =>
            {
                store.Dispose();
                goneOn.Wait(TestContext.Current.CancellationToken);
                return Environment.CurrentManagedThreadId;
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

        Assert.NotEqual(ending, await wentOn);
    }
}
