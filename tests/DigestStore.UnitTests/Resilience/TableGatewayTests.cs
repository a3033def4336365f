using DigestStore.Calls;
using DigestStore.Day;
using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;
using DigestStore.TestSupport;

namespace DigestStore.UnitTests.Resilience;

public sealed class TableGatewayTests
{
    private const string Late = "digeststore.requests.late";

    private static readonly PageRequest Page = PageRequest.OfDay(Some.Partition, after: null, consistent: true);
    private static readonly WriteBatch Batch = new(Some.Partition, [Some.Write(Some.Clean(Some.Item()))], []);

    private readonly FixedClock _clock = new() { Hurry = TimeSpan.FromSeconds(2) };
    private readonly TableDouble _table = new();

    [Theory]
    [InlineData("Throttled", 3)]
    [InlineData("Unavailable", 3)]
    [InlineData("Unreachable", 3)]
    [InlineData("TimedOut", 3)]
    [InlineData("InvalidResponse", 3)]
    [InlineData("ClockSkew", 2)]
    [InlineData("Invalid", 1)]
    [InlineData("AccessDenied", 1)]
    [InlineData("TableNotFound", 1)]
    [InlineData("CredentialsRefused", 1)]
    [InlineData("Misconfigured", 1)]
    [InlineData("Internal", 1)]
    public async Task A_fault_is_tried_again_as_often_as_it_is_worth(string kind, int attempts)
    {
        using CallScope scope = Some.Scope(_clock);
        _table.OnQuery = _ => Task.FromResult(new PageReply { Fault = Some.Fault(Enum.Parse<FaultKind>(kind)) });

        PageReply reply = await Some.Gateway(_table, scope).QueryAsync(Page);

        Assert.Equal((attempts, attempts, attempts - 1), (_table.Queries.Count, scope.Requests, scope.Retries));
        Assert.Equal(kind, reply.Fault!.Kind.ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    public async Task The_number_of_attempts_is_the_option_s(int attempts)
    {
        _clock.Hurry = TimeSpan.FromSeconds(2.9);
        using CallScope scope = Some.Scope(_clock, TimeSpan.FromHours(1));
        _table.OnQuery = _ => Task.FromResult(new PageReply { Fault = Some.Fault(FaultKind.Unavailable) });

        await Some.Gateway(_table, scope, options => (options.MaxAttempts, options.MaxRetryDelay) = (attempts, TimeSpan.FromSeconds(2))).QueryAsync(Page);

        Assert.Equal(attempts, _table.Queries.Count);
    }

    // Each answer has the first record that was asked for, and leaves the rest unread.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task What_the_answers_of_a_lookup_have_comes_together(int partialAnswers)
    {
        using CallScope scope = Some.Scope(_clock);
        int answers = 0;
        _table.OnLookup = request => Task.FromResult(new LookupReply
        {
            KeyCount = request.Keys.Count,
            Records = [new StoredRecord(request.Keys[0], [])],
            Unprocessed = answers++ < partialAnswers ? [.. request.Keys.Skip(1)] : [],
        });
        LookupRequest request = DayLookup.Of(Some.Partition, withHeader: true, [.. Enumerable.Range(0, partialAnswers).Select(Some.Id)], consistent: true);

        LookupReply reply = await Some.Gateway(_table, scope).LookupAsync(request);

        Assert.Equal(request.Keys, reply.Records.Select(static record => record.Key));
        Assert.Equal(Enumerable.Range(1, partialAnswers + 1).Reverse(), _table.Lookups.Select(static lookup => lookup.Keys.Count));
    }

    [Fact]
    public async Task Clock_skew_is_mended_by_the_second_attempt_without_a_wait()
    {
        using CallScope scope = Some.Scope(_clock);
        int calls = 0;
        _table.OnQuery = _ => calls++ == 0 ? Task.FromResult(new PageReply { Fault = Some.Fault(FaultKind.ClockSkew) }) : null;

        PageReply reply = await Some.Gateway(_table, scope).QueryAsync(Page);

        Assert.Null(reply.Fault);
        Assert.Equal(FixedClock.Start, _clock.GetUtcNow());
    }

    // Four pauses, of which half is certain: 100, 200, 400 and 800 ms.
    [Fact]
    public async Task The_pauses_between_the_attempts_double()
    {
        using CallScope scope = Some.Scope(_clock);
        _table.OnQuery = static _ => Task.FromResult(new PageReply { Fault = Some.Fault(FaultKind.Unavailable) });

        await Some.Gateway(_table, scope, static options => (options.MaxAttempts, options.RetryDelay) = (5, TimeSpan.FromMilliseconds(100))).QueryAsync(Page);

        Assert.InRange((_clock.GetUtcNow() - FixedClock.Start).TotalMilliseconds, 750, 1_500);
    }

    [Fact]
    public async Task A_reply_that_leaves_everything_unprocessed_is_a_failed_attempt_and_backs_off_like_a_throttle()
    {
        using CallScope scope = Some.Scope(_clock);
        _table.OnWrite = static batch => new WriteReply { Sent = 1, Unprocessed = [batch.Puts[0].Id] };
        TableGateway gateway = Some.Gateway(_table, scope);

        WriteReply reply = await gateway.Retries.UntilProgressAsync(isRetry => gateway.WriteOnceAsync(Batch, isRetry), scope.Ended);

        Assert.True(reply.MadeNoProgress);
        Assert.Equal((3, 2), (scope.Requests, scope.Retries));
        Assert.InRange((_clock.GetUtcNow() - FixedClock.Start).TotalMilliseconds, 250 + 500, 500 + 1_000);
    }

    [Fact]
    public async Task An_attempt_that_ignores_its_token_is_abandoned_at_the_attempt_timeout()
    {
        var clock = new FixedClock();
        using CallScope scope = Some.Scope(clock);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _table.OnQuery = _ =>
        {
            asked.TrySetResult();
            return new TaskCompletionSource<PageReply>().Task;
        };
        Task<PageReply> reply = Some.Gateway(_table, scope, static options => options.MaxAttempts = 1).QueryAsync(Page);

        await asked.Task;
        await WaitForTimersAsync(clock, 2);
        clock.Advance(DigestStoreDefaults.AttemptTimeout);

        Assert.Equal(FaultKind.TimedOut, (await reply).Fault!.Kind);
        Assert.False(scope.IsOver);
    }

    [Fact]
    public async Task An_attempt_that_blocks_its_thread_does_not_block_the_caller()
    {
        using var release = new ManualResetEventSlim();
        using var caller = new CancellationTokenSource();
        using CallScope scope = Some.Scope(caller: caller.Token);
        _table.OnQuery = _ =>
        {
            release.Wait(CancellationToken.None);
            return null;
        };
        Task<PageReply> reply = Some.Gateway(_table, scope).QueryAsync(Page);

        await caller.CancelAsync();

        Assert.Equal(FaultKind.Canceled, (await reply).Fault!.Kind);
        release.Set();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_client_whose_token_callback_blocks_is_not_waited_for(int requests)
    {
        using var release = new ManualResetEventSlim();
        using var caller = new CancellationTokenSource();
        using CallScope scope = Some.Scope(caller: caller.Token);
        using var asked = new CountdownEvent(requests);
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _table.OnWriteAsync = (_, attempt) =>
        {
            attempt.Token.Register(() =>
            {
                told.TrySetResult();
                release.Wait(CancellationToken.None);
            });
            asked.Signal();
            return new TaskCompletionSource<WriteReply>().Task;
        };
        TableGateway gateway = Some.Gateway(_table, scope);
        Task<WriteReply>[] replies = [.. Enumerable.Range(0, requests).Select(_ => gateway.WriteOnceAsync(Batch, isRetry: false))];
        asked.Wait(TestContext.Current.CancellationToken);

        await caller.CancelAsync();

        Assert.All(await Task.WhenAll(replies), static reply => Assert.Equal(FaultKind.Canceled, reply.Fault!.Kind));
        await told.Task;
        release.Set();
    }

    [Fact]
    public async Task After_the_end_nothing_more_is_sent()
    {
        using CallScope scope = Some.Scope(deadline: TimeSpan.Zero);

        PageReply reply = await Some.Gateway(_table, scope).QueryAsync(Page);

        Assert.Equal((FaultKind.DeadlineExceeded, 0, 0), (reply.Fault!.Kind, scope.Requests, _table.Requests));
    }

    [Fact]
    public async Task A_deadline_during_the_back_off_ends_it_with_the_last_answer()
    {
        var clock = new FixedClock();
        using CallScope scope = Some.Scope(clock);
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _table.OnQuery = _ =>
        {
            failed.TrySetResult();
            return Task.FromResult(new PageReply { Fault = Some.Fault(FaultKind.Throttled, 400) });
        };
        Task<PageReply> reply = Some.Gateway(_table, scope, static options => (options.ThrottleDelay, options.MaxRetryDelay) = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1))).QueryAsync(Page);

        await failed.Task;
        await WaitForTimersAsync(clock, 2, longest: TimeSpan.FromSeconds(25));
        clock.Advance(TimeSpan.FromSeconds(25));

        Assert.Equal(FaultKind.Throttled, (await reply).Fault!.Kind);
        Assert.Single(_table.Queries);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_port_throws_is_a_fault(bool synchronously)
    {
        using CallScope scope = Some.Scope(_clock);
        _table.OnQuery = _ => synchronously ? throw new InvalidTimeZoneException() : Task.FromException<PageReply>(new InvalidTimeZoneException());

        PageReply reply = await Some.Gateway(_table, scope).QueryAsync(Page);

        Assert.Equal((FaultKind.Internal, nameof(InvalidTimeZoneException)), (reply.Fault!.Kind, reply.Fault.Code));
    }

    [Fact]
    public async Task A_late_exception_of_an_abandoned_attempt_is_observed()
    {
        var marker = new InvalidTimeZoneException("late");
        bool unobserved = false;
        EventHandler<UnobservedTaskExceptionEventArgs> watch = (_, arguments) => unobserved |= arguments.Exception.Flatten().InnerExceptions.Contains(marker);
        TaskScheduler.UnobservedTaskException += watch;
        try
        {
            await AbandonAsync(marker);
            await Task.Yield();
            for (int round = 0; round < 3; round++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= watch;
        }

        Assert.False(unobserved);
    }

    [Theory]
    [InlineData("answered", 1)]
    [InlineData("failed", 1)]
    [InlineData("canceled", 0)]
    public async Task A_request_that_ends_after_it_was_given_up_is_counted(string end, int expected)
    {
        using var caller = new CancellationTokenSource();
        using var meters = new MeterRecorder();
        var answer = new TaskCompletionSource<PageReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        await GiveUpAsync(answer, caller, meters);
        Assert.Equal(0, meters.Sum(Late));

        var second = new TaskCompletionSource<PageReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var other = new CancellationTokenSource();
        await GiveUpAsync(second, other, meters);
        _ = end switch
        {
            "answered" => answer.TrySetResult(new PageReply()),
            "failed" => answer.TrySetException(new InvalidTimeZoneException()),
            _ => answer.TrySetCanceled(TestContext.Current.CancellationToken),
        };
        second.SetResult(new PageReply());

        while (meters.Sum(Late) < expected + 1)
        {
            await Task.Yield();
        }

        Assert.Equal(expected + 1, meters.Sum(Late));
    }

    [Fact]
    public async Task Units_add_up_over_attempts()
    {
        using CallScope scope = Some.Scope(_clock);
        _table.OnQuery = static _ => Task.FromResult(new PageReply { Units = 2.5, Fault = Some.Fault(FaultKind.Throttled) });
        _table.OnWrite = static _ => new WriteReply { Sent = 1, Units = 4 };
        TableGateway gateway = Some.Gateway(_table, scope);

        await gateway.QueryAsync(Page);
        await gateway.WriteOnceAsync(Batch, isRetry: false);

        Assert.Equal((7.5, 4.0), (scope.ReadUnits, scope.WriteUnits));
    }

    private static async Task AbandonAsync(Exception marker)
    {
        using var caller = new CancellationTokenSource();
        var answer = new TaskCompletionSource<PageReply>();
        await GiveUpAsync(answer, caller, null);
        answer.SetException(marker);
    }

    private static async Task GiveUpAsync(TaskCompletionSource<PageReply> answer, CancellationTokenSource caller, MeterRecorder? meters)
    {
        using CallScope scope = Some.Scope(caller: caller.Token);
        var table = new TableDouble { OnQuery = _ => answer.Task };
        Task<PageReply> reply = Some.Gateway(table, scope, meters: meters).QueryAsync(Page);
        while (table.Queries.IsEmpty)
        {
            await Task.Yield();
        }

        await caller.CancelAsync();
        await reply;
    }

    // The gateway sets its timers on its own time; nothing sleeps, the loop only lets it run.
    private static async Task WaitForTimersAsync(FixedClock clock, int count, TimeSpan? longest = null)
    {
        while (longest is null ? clock.Waiting < count : clock.WaitingLongerThan(longest.Value) == 0)
        {
            await Task.Yield();
        }
    }
}
