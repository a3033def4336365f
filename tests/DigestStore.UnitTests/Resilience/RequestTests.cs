using DigestStore.Calls;
using DigestStore.Resilience;
using DigestStore.Storing;
using DigestStore.Table;

namespace DigestStore.UnitTests.Resilience;

// One request of the gateway: how it is told apart, given up and counted.
public sealed class RequestTests
{
    private static readonly PageRequest Page = PageRequest.OfDay(Some.Partition, after: null, consistent: true);
    private static readonly WriteBatch Batch = new(Some.Partition, [Some.Write(Some.Clean(Some.Item()))], []);

    private readonly FixedClock _clock = new() { Hurry = TimeSpan.FromSeconds(2) };
    private readonly TableDouble _table = new();

    [Fact]
    public async Task A_write_that_fails_counts_what_it_had_to_put_and_to_delete()
    {
        using CallScope scope = Some.Scope(_clock);
        _table.OnWrite = static _ => throw new InvalidTimeZoneException();

        WriteReply reply = await Some.Gateway(_table, scope).WriteOnceAsync(
            new WriteBatch(Some.Partition, [Some.Write(Some.Clean(Some.Item()))], [Some.Id(1), Some.Id(2)]), isRetry: false);

        Assert.Equal((FaultKind.Internal, 3), (reply.Fault!.Kind, reply.Sent));
    }

    [Fact]
    public async Task A_header_update_that_throws_is_a_fault()
    {
        using CallScope scope = Some.Scope(_clock);
        _table.OnUpdate = static _ => throw new InvalidTimeZoneException();

        UpdateReply reply = await Some.Gateway(_table, scope).UpdateAsync(HeaderUpdates.SaveIdRules(Some.Partition, "1"));

        Assert.Equal(FaultKind.Internal, reply.Fault!.Kind);
    }

    [Fact]
    public async Task A_table_that_could_not_be_opened_is_asked_nothing_and_no_request_is_counted()
    {
        using CallScope scope = Some.Scope(_clock);
        TableFault fault = Some.Fault(FaultKind.Misconfigured);

        PageReply reply = await Some.Gateway(new OpenedTable(fault), scope).QueryAsync(Page);

        Assert.Same(fault, reply.Fault);
        Assert.Equal(0, scope.Requests);
    }

    [Fact]
    public async Task After_the_end_a_request_is_known_not_to_have_been_sent()
    {
        using CallScope scope = Some.Scope(deadline: TimeSpan.Zero);

        PageReply reply = await Some.Gateway(_table, scope).QueryAsync(Page);

        Assert.True(reply.Fault!.NotSent);
    }

    [Fact]
    public async Task A_request_that_takes_too_long_is_named_so_and_its_client_is_told()
    {
        var clock = new FixedClock();
        using CallScope scope = Some.Scope(clock);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _table.OnWriteAsync = (_, attempt) =>
        {
            attempt.Token.Register(() => told.TrySetResult());
            asked.TrySetResult();
            return new TaskCompletionSource<WriteReply>().Task;
        };
        Task<WriteReply> write = Some.Gateway(_table, scope).WriteOnceAsync(Batch, isRetry: false);
        await asked.Task;
        while (clock.Waiting < 2)
        {
            await Task.Yield();
        }

        clock.Advance(DigestStoreDefaults.AttemptTimeout);

        Assert.Equal(new TableFault(FaultKind.TimedOut, "AttemptTimeout"), (await write).Fault);
        await told.Task;
    }

    // A table with a queue: what had not left it when the time was up is known not to have been written.
    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task A_request_that_is_given_up_is_known_not_to_be_sent_if_it_still_waited_in_a_queue(bool wasTaken, bool isNotSent)
    {
        var clock = new FixedClock();
        using CallScope scope = Some.Scope(clock);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _table.OnWriteAsync = (_, attempt) =>
        {
            attempt.Enqueue();
            Assert.True(!wasTaken || attempt.TryTake());
            asked.TrySetResult();
            return new TaskCompletionSource<WriteReply>().Task;
        };
        Task<WriteReply> write = Some.Gateway(_table, scope).WriteOnceAsync(Batch, isRetry: false);
        await asked.Task;
        while (clock.Waiting < 2)
        {
            await Task.Yield();
        }

        clock.Advance(DigestStoreDefaults.AttemptTimeout);

        TableFault? fault = (await write).Fault;
        Assert.Equal((FaultKind.TimedOut, isNotSent, !isNotSent), (fault?.Kind, fault?.NotSent, fault?.MayHaveBeenApplied));
    }

    [Fact]
    public async Task A_request_that_its_caller_gives_up_in_a_queue_is_known_not_to_be_sent()
    {
        using var caller = new CancellationTokenSource();
        using CallScope scope = Some.Scope(_clock, caller: caller.Token);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _table.OnWriteAsync = (_, attempt) =>
        {
            attempt.Enqueue();
            asked.TrySetResult();
            return new TaskCompletionSource<WriteReply>().Task;
        };
        Task<WriteReply> write = Some.Gateway(_table, scope).WriteOnceAsync(Batch, isRetry: false);
        await asked.Task;

        await caller.CancelAsync();

        TableFault? fault = (await write).Fault;
        Assert.Equal((FaultKind.Canceled, true, false), (fault?.Kind, fault?.NotSent, fault?.MayHaveBeenApplied));
    }

    // Between the look at the call's end and the send: the repository is disposed of, and those who wait for that have not been told yet.
    [Fact]
    public async Task A_request_of_a_repository_that_has_just_been_disposed_of_is_not_sent()
    {
        using var disposal = new Disposal();
        var clock = new ActingClock();
        using var scope = new CallScope(clock, TimeSpan.FromSeconds(25), default, disposal);
        using var release = new ManualResetEventSlim();
        disposal.Token.Register(() => release.Wait(TestContext.Current.CancellationToken));
        TableGateway gateway = Some.Gateway(_table, scope);
        clock.OnTimestamp = () => disposal.TryBegin();

        WriteReply reply = await gateway.WriteOnceAsync(Batch, isRetry: false);

        release.Set();
        Assert.Equal((FaultKind.Disposed, true), (reply.Fault!.Kind, reply.Fault.NotSent));
        Assert.Equal(0, _table.Requests);
    }

    // The disposal takes the client away from the request. An answer of the table, or that it could not be reached at all, stays true.
    [Theory]
    [InlineData("Unavailable", 0, "Disposed")]
    [InlineData("Internal", 0, "Disposed")]
    [InlineData("Unreachable", 0, "Unreachable")]
    [InlineData("Throttled", 400, "Throttled")]
    public async Task A_request_that_breaks_off_when_the_repository_is_disposed_of_has_an_end_that_nobody_knows(string broke, int status, string kind)
    {
        using var disposal = new Disposal();
        using var scope = new CallScope(_clock, TimeSpan.FromSeconds(25), default, disposal);
        using var release = new ManualResetEventSlim();
        disposal.Token.Register(() => release.Wait(TestContext.Current.CancellationToken));
        _table.OnWrite = _ =>
        {
            disposal.TryBegin();
            return new WriteReply { Sent = 1, Fault = Some.Fault(Enum.Parse<FaultKind>(broke), status) };
        };

        WriteReply reply = await Some.Gateway(_table, scope).WriteOnceAsync(Batch, isRetry: false);

        release.Set();
        Assert.Equal((kind, false), (reply.Fault!.Kind.ToString(), reply.Fault.NotSent));
    }

    // What the client waited for until then was what it signs requests with: that is the cause, unless the caller himself gave up.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_that_ends_while_its_client_waits_for_credentials_says_so(bool byCaller)
    {
        var clock = new FixedClock();
        using var caller = new CancellationTokenSource();
        using CallScope scope = Some.Scope(clock, DigestStoreDefaults.AttemptTimeout / 2, caller.Token);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _table.OnWriteAsync = (_, attempt) =>
        {
            attempt.BeginCredentials();
            asked.SetResult();
            return new TaskCompletionSource<WriteReply>().Task;
        };
        Task<WriteReply> write = Some.Gateway(_table, scope).WriteOnceAsync(Batch, isRetry: false);
        await asked.Task;

        if (byCaller)
        {
            await caller.CancelAsync();
        }
        else
        {
            clock.Advance(DigestStoreDefaults.AttemptTimeout / 2);
        }

        TableFault expected = byCaller ? new(FaultKind.Canceled) : new(FaultKind.CredentialsRefused, "DeadlineExceeded") { NotSent = true, IsTemporary = true };
        Assert.Equal(expected, (await write).Fault);
    }

    // The second attempt has been answered when the caller ends the wait for the third.
    [Fact]
    public async Task A_wait_that_is_cut_short_brings_the_newest_answer()
    {
        var clock = new FixedClock { Hurry = TimeSpan.FromSeconds(1) };
        using var caller = new CancellationTokenSource();
        using CallScope scope = Some.Scope(clock, caller: caller.Token);
        _table.OnQuery = _ => Task.FromResult(new PageReply { Fault = Some.Fault(_table.Queries.Count == 1 ? FaultKind.Unavailable : FaultKind.Throttled) });
        Task<PageReply> query = Some.Gateway(_table, scope, static options => (options.RetryDelay, options.ThrottleDelay, options.MaxRetryDelay) =
            (TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5))).QueryAsync(Page);
        while (clock.WaitingLongerThan(TimeSpan.FromMinutes(1)) == 0)
        {
            await Task.Yield();
        }

        await caller.CancelAsync();

        Assert.Equal(FaultKind.Throttled, (await query).Fault!.Kind);
        Assert.Equal(2, _table.Queries.Count);
    }

    [Theory]
    [InlineData(false, "unavailable 1")]
    [InlineData(true, "throttled 1")]
    public async Task A_repeated_request_is_counted_under_what_went_wrong_last(bool partlyLater, string expected)
    {
        using CallScope scope = Some.Scope(_clock);
        TableGateway gateway = Some.Gateway(_table, scope);
        WriteReply[] answers =
        [
            new() { Sent = 2, Fault = Some.Fault(FaultKind.Unavailable) },
            partlyLater ? new WriteReply { Sent = 2, Unprocessed = [Some.Id(1)] } : new WriteReply { Sent = 2 },
            new() { Sent = 1 },
        ];
        int sent = 0;
        _table.OnWrite = _ => answers[sent++];

        await gateway.WriteOnceAsync(Batch, isRetry: false);
        await gateway.WriteOnceAsync(Batch, isRetry: false);
        await gateway.WriteOnceAsync(Batch, isRetry: true);

        Assert.Equal(expected, scope.RetryReasons);
    }

    // AWS's support asks for it.
    [Fact]
    public async Task The_id_of_a_refused_request_is_kept_too()
    {
        using CallScope scope = Some.Scope(_clock);
        string id = new('A', 52);
        _table.OnWrite = _ => new WriteReply { Sent = 1, Fault = new TableFault(FaultKind.AccessDenied, "AccessDeniedException", 400, id) };

        await Some.Gateway(_table, scope).WriteOnceAsync(Batch, isRetry: false);

        Assert.Equal(id, scope.RequestIds);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_exception_of_a_task_that_nobody_waits_for_any_more_is_observed(bool onCancel)
    {
        var marker = new InvalidTimeZoneException("late");
        bool unobserved = false;
        EventHandler<UnobservedTaskExceptionEventArgs> watch = (_, arguments) => unobserved |= arguments.Exception.Flatten().InnerExceptions.Contains(marker);
        TaskScheduler.UnobservedTaskException += watch;
        try
        {
            await LeaveAsync(marker, onCancel);

            // Off the stack of whoever ended the task: that would keep it from being collected.
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

    private static async Task LeaveAsync(Exception marker, bool onCancel)
    {
        if (onCancel)
        {
            var abandoned = new CancellationTokenSource();
            abandoned.Token.Register(() => throw marker);
            await AbandonedTasks.CancelAsync(abandoned);
        }
        else
        {
            var late = new TaskCompletionSource();
            AbandonedTasks.Observe(late.Task);
            late.SetException(marker);
        }
    }

    private sealed class ActingClock : TimeProvider
    {
        public Action? OnTimestamp { get; set; }

        public override long GetTimestamp()
        {
            OnTimestamp?.Invoke();
            return base.GetTimestamp();
        }
    }
}
