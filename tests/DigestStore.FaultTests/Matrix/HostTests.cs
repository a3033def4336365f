using System.Collections.Concurrent;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using DigestStore.Testing;
using DigestStore.TestSupport;

namespace DigestStore.FaultTests;

[Collection(AloneCollection.Name)]
public sealed class HostTests
{
    private const int StarvedThreads = 2;
    private const int BlockedItems = 200;

    private const string SdkRetries = "The environment sets the SDK's own retries (AWS_RETRY_MODE=adaptive, AWS_MAX_ATTEMPTS=10)";
    private const string SdkRetriesPromise = "The same outcomes and the same number of requests at the server; the SDK does not hold a request back either.";

    [Theory]
    [InlineData("compare")]
    [InlineData("write")]
    [InlineData("stream")]
    [FaultRow(59, "The repository is disposed of while it stores", "The store ends with a result; no ObjectDisposedException and no unobserved task exception.")]
    public async Task Disposing_of_the_repository_in_the_middle_of_a_store_ends_it_with_a_result(string moment)
    {
        var unobserved = new ConcurrentQueue<Exception>();
        void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs arguments) => unobserved.Enqueue(arguments.Exception);
        TaskScheduler.UnobservedTaskException += OnUnobserved;
        try
        {
            await DisposeWhileStoringAsync(moment);
            for (int round = 0; round < 3; round++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= OnUnobserved;
        }

        Assert.Empty(unobserved);
    }

    [Fact]
    [FaultRow(60, "Called with .Result under a single-threaded synchronization context", "No deadlock.")]
    public async Task A_caller_that_blocks_its_only_thread_gets_its_result()
    {
        await using var scenario = FaultScenario.Start();
        scenario.Server.On("BatchWriteItem").Nth(1).Answer(Fault.Throttle()).Once();

        StoreResult result = await scenario.ObserveAsync(
            FaultScenario.Items(60), () => BlockedAsync(() => scenario.Repository.StoreAsync(FaultScenario.Date, FaultScenario.Items(60)).Result));
        StoreResult streamed = await scenario.ObserveAsync(
            FaultScenario.Items(60), () => BlockedAsync(() => scenario.Repository.StoreAsync(FaultScenario.Date, StreamOf(FaultScenario.Items(60))).Result));
        Digest digest = await BlockedAsync(() => scenario.Repository.GetAsync(FaultScenario.Date).Result);

        Assert.Equal((StoreStatus.Stored, 60), (result.Status, result.Inserted));
        Assert.Equal((StoreStatus.Stored, 60), (streamed.Status, streamed.Unchanged));
        Assert.Equal(60, digest.Count);
    }

    [Fact]
    [FaultRow(61, "The thread pool has two threads and 200 pieces of work that block", "The deadline still holds, within two seconds.")]
    public async Task A_starved_thread_pool_does_not_hold_up_the_deadline()
    {
        if (!ChildRun.IsChild)
        {
            // The pool may have no fewer threads than the process has processors.
            await ChildRun.OfThisTestAsync(typeof(HostTests), [("DOTNET_PROCESSOR_COUNT", $"{StarvedThreads}")]);
            return;
        }

        for (int round = 0; round < 3; round++)
        {
            // A server of its own for each round: a starved one notes requests late.
            await using var scenario = FaultScenario.Start(options => options.Deadline = TimeSpan.FromMilliseconds(400));
            await scenario.StoreAsync(FaultScenario.Items(1, from: 900), new StoreCallOptions { Deadline = TimeSpan.FromSeconds(20) });
            scenario.Server.OnAny().Answer(Fault.Stall());
            Task starved = Starve();
            var time = RealTime.StartOfThreads();

            StoreResult result = await scenario.StoreAsync(FaultScenario.Items(30));

            Assert.Equal(StoreStatus.Failed, result.Status);
            time.AssertWithin(scenario.Options.Deadline + TimeSpan.FromSeconds(1), result.Duration);
            await starved;
        }
    }

    // Two threads and work that blocks them; ends when all of it is done.
    private static Task Starve()
    {
        ThreadPool.GetMinThreads(out _, out int minCompletions);
        ThreadPool.GetMaxThreads(out _, out int maxCompletions);
        Assert.True(ThreadPool.SetMinThreads(StarvedThreads, minCompletions) && ThreadPool.SetMaxThreads(StarvedThreads, maxCompletions));
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int left = BlockedItems;
        for (int number = 0; number < BlockedItems; number++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    // The row is about work that blocks threads of the pool for real time.
                    Thread.Sleep(5);
                    if (Interlocked.Decrement(ref left) == 0)
                    {
                        done.SetResult();
                    }
                },
                null);
        }

        return done.Task;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [FaultRow(91, "The clock jumps by an hour during a back-off", "Back-offs and the deadline run on monotonic time: no negative and no endless wait.")]
    public async Task A_clock_that_jumps_in_a_back_off_neither_ends_nor_lengthens_it(int hours)
    {
        var time = new VirtualTimeProvider();
        await using var scenario = FaultScenario.Start(time: time);
        scenario.Server.On("BatchWriteItem").Answer(_ =>
        {
            time.JumpWallClock(TimeSpan.FromHours(hours));
            return Fault.Throttle();
        }).Times(2);

        StoreResult result = await time.RunAsync(() => scenario.StoreAsync(FaultScenario.Items(25)), () => scenario.Server.IsBusy);

        Assert.Equal((StoreStatus.Stored, 2), (result.Status, result.Cost.Retries));
        Assert.Equal(3, scenario.Server.Requests.CountOf("BatchWriteItem"));
        Assert.InRange(result.Duration, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.InRange(time.Elapsed, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(1));
    }

    public static TheoryData<string> Outages { get; } = ["throttle", "429", "500", "503", "reset", "closed", "clock"];

    [Theory]
    [MemberData(nameof(Outages))]
    [FaultRow(92, SdkRetries, SdkRetriesPromise)]
    public async Task The_SDK_adds_no_request_of_its_own(string outage)
    {
        foreach (string operation in new[] { "BatchGetItem", "BatchWriteItem", "UpdateItem" })
        {
            // On virtual time a wait that is not the library's own ends in a time-out, and requests are missing.
            var time = new VirtualTimeProvider();
            await using var scenario = FaultScenario.Start(time: time);
            scenario.Server.On(operation).Answer(outage switch
            {
                "throttle" => Fault.Throttle(),
                "429" => Fault.Status(429),
                "500" => Fault.InternalServerError(),
                "503" => Fault.Status(503),
                "reset" => Fault.Reset(),
                "closed" => Fault.Close(),
                _ => Fault.ClockSkew(TimeSpan.FromHours(3)),
            });

            StoreResult result = await time.RunAsync(() => scenario.StoreAsync(FaultScenario.Items(25)), () => scenario.Server.IsBusy);

            int sent = outage == "clock" ? 2 : 3;
            Assert.Equal(operation == "UpdateItem" ? StoreStatus.Stored : StoreStatus.Failed, result.Status);
            Assert.Equal(sent, scenario.Server.Requests.CountOf(operation));
            Assert.Equal(scenario.Server.Requests.Count, result.Cost.Requests);
        }
    }

    [Fact]
    [FaultRow(92, SdkRetries, SdkRetriesPromise)]
    public async Task The_environment_makes_the_SDK_neither_retry_nor_wait()
    {
        if (!ChildRun.IsChild)
        {
            await ChildRun.OfThisTestAsync(typeof(HostTests), [("AWS_RETRY_MODE", "adaptive"), ("AWS_MAX_ATTEMPTS", "10")]);
            return;
        }

        foreach (string outage in Outages.Select(row => row.Data))
        {
            await The_SDK_adds_no_request_of_its_own(outage);
        }
    }

    [Fact]
    [FaultRow(94, "The process has no ICU (invariant globalization)", "International host names become the same ids as with ICU; nothing throws.")]
    public async Task International_names_have_the_same_ids_without_ICU()
    {
        if (!ChildRun.IsChild)
        {
            await AssertInternationalNamesAsync();
            await ChildRun.OfThisTestAsync(typeof(HostTests), [("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1")]);
            return;
        }

        Assert.Throws<System.Globalization.CultureNotFoundException>(() => System.Globalization.CultureInfo.GetCultureInfo("th-TH"));
        await AssertInternationalNamesAsync();
    }

    private static async Task AssertInternationalNamesAsync()
    {
        await using var scenario = FaultScenario.Start();
        DigestItem[] items =
        [
            new() { Url = "https://bücher.example/İstanbul", Title = "one" },
            new() { Url = "https://xn--bcher-kva.example/%C4%B0stanbul", Title = "two" },
            new() { Url = "https://BÜCHER.example/İstanbul", Title = "three" },
            new() { Url = "https://日本語.example/", Title = "four" },
        ];

        StoreResult result = await scenario.StoreAsync(items);

        Assert.Equal((StoreStatus.Stored, 2, 2), (result.Status, result.Inserted, result.Duplicates));
        Assert.True(DigestItemId.TryCreate("https://xn--wgv71a119e.example/", out DigestItemId id));
        Assert.NotNull(await scenario.Repository.FindAsync(FaultScenario.Date, id, TestContext.Current.CancellationToken));
    }

    private static async Task DisposeWhileStoringAsync(string moment)
    {
        var held = new TaskCompletionSource();
        await using var scenario = FaultScenario.Start(options => options.MaxConcurrency = 2);
        string operation = moment == "compare" ? "Query" : "BatchWriteItem";
        scenario.Server.On(operation).Answer(Fault.Hold(held.Task));
        DigestItem[] items = FaultScenario.Items(100);

        Task<StoreResult> store = scenario.ObserveAsync(items, () => moment == "stream"
            ? scenario.Repository.StoreAsync(FaultScenario.Date, StreamOf(items))
            : scenario.Repository.StoreAsync(FaultScenario.Date, items));
        await scenario.Server.Requests.ArrivalOfAsync(operation);
        scenario.Repository.Dispose();
        held.SetResult();

        StoreResult result = await store;
        Assert.Equal(100, result.Received);
        Assert.NotEqual(StoreStatus.Stored, result.Status);
    }

    private static async IAsyncEnumerable<DigestItem> StreamOf(DigestItem[] items)
    {
        foreach (DigestItem item in items)
        {
            await Task.Yield();
            yield return item;
        }
    }

    // A thread whose context queues what is posted and never gets to it, because it blocks: a user interface, or classic ASP.NET.
    private static Task<T> BlockedAsync<T>(Func<T> call)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(new NeverPumped());
            try
            {
                result.SetResult(call());
            }
            catch (Exception exception)
            {
                result.SetException(exception);
            }
        })
        { IsBackground = true };
        thread.Start();
        return result.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private sealed class NeverPumped : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }
    }
}
