using DigestStore.Calls;
using DigestStore.Faults;
using DigestStore.Records;
using DigestStore.Storing;
using DigestStore.Table;

namespace DigestStore.UnitTests.Storing;

public sealed class BatchWriterTests
{
    // The back-off is next to nothing, so that the time that passes is the pacer's.
    private static void OneItemAtATime(DigestStoreOptions options)
    {
        (options.BatchSize, options.MaxConcurrency) = (1, 1);
        (options.ThrottleDelay, options.MaxRetryDelay) = (TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1));
    }

    private static readonly DigestItemId[] None = [];

    [Fact]
    public async Task Everything_is_written_in_full_batches()
    {
        var table = new TableDouble();

        Outcome outcome = await WriteAsync(table, 200);

        Assert.Equal(8, table.Writes.Count);
        Assert.All(table.Writes, static batch => Assert.Equal(25, batch.Puts.Count));
        Assert.Equal((200, null), (outcome.Inserted, outcome.Stopped));
    }

    [Fact]
    public async Task Leftovers_of_several_batches_go_out_again_in_full_ones()
    {
        var table = new TableDouble();
        int calls = 0;
        table.OnWrite = batch => Interlocked.Increment(ref calls) <= 5 ? Reply(batch, batch.Puts.Skip(20).Select(static put => put.Id)) : null;

        Outcome outcome = await WriteAsync(table, 125, static options => options.MaxConcurrency = 1);

        Assert.Equal(125, outcome.Inserted);
        Assert.Equal([25, 25, 25, 25, 25, 25], table.Writes.Select(static batch => batch.Puts.Count));
        Assert.Equal(1, outcome.Retries);
    }

    [Fact]
    public async Task Nothing_is_sent_after_the_deadline_also_while_no_thread_is_free_for_its_timer()
    {
        var clock = new FixedClock { AreTimersHeldUp = true };
        var table = new TableDouble
        {
            OnWrite = _ =>
            {
                clock.Advance(TimeSpan.FromSeconds(10));
                return null;
            },
        };
        using DigestRepository repository = Some.Repository(table, static options => options.MaxConcurrency = 1, clock);

        StoreResult result = await repository.StoreAsync(Some.Date, Some.Items(200), new StoreCallOptions { Deadline = TimeSpan.FromSeconds(25) }, TestContext.Current.CancellationToken);

        Assert.Equal((3, 75, 125), (table.Writes.Count, result.Inserted, result.Failed));
        Assert.All(result.Problems.Where(static problem => problem.Index is not null), static problem => Assert.Equal(StoreProblemReason.DeadlineExceeded, problem.Reason));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task A_table_that_takes_some_of_each_batch_gets_everything_in_the_end(int concurrency)
    {
        var table = new TableDouble();
        table.OnWrite = static batch => Reply(batch, batch.Puts.Skip(3).Select(static put => put.Id));

        Outcome outcome = await WriteAsync(table, 200, options => options.MaxConcurrency = concurrency);

        Assert.Equal((200, null), (outcome.Inserted, outcome.Stopped));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public async Task A_table_that_takes_nothing_is_given_up_after_three_attempts_of_each_worker(int concurrency)
    {
        var table = new TableDouble();
        table.OnWrite = static batch => Reply(batch, batch.Puts.Select(static put => put.Id));

        Outcome outcome = await WriteAsync(table, 25 * concurrency, options => options.MaxConcurrency = concurrency);

        Assert.InRange(table.Writes.Count, 3, 3 * concurrency);
        Assert.Equal(StoreProblemReason.Throttled, outcome.Stopped);
        Assert.Equal(25 * concurrency, outcome.Failed(StoreProblemReason.Throttled));
    }

    [Fact]
    public async Task One_attempt_means_no_retry()
    {
        var table = new TableDouble();
        table.OnWrite = static batch => new WriteReply { Sent = batch.Puts.Count, Fault = Some.Fault(FaultKind.Throttled, 400) };

        Outcome outcome = await WriteAsync(table, 10, static options => options.MaxAttempts = 1);

        Assert.Single(table.Writes);
        Assert.Equal((0, 10), (outcome.Retries, outcome.Failed(StoreProblemReason.Throttled)));
    }

    [Theory]
    [InlineData("AccessDenied", StoreProblemReason.AccessDenied)]
    [InlineData("CredentialsRefused", StoreProblemReason.CredentialsRefused)]
    [InlineData("TableNotFound", StoreProblemReason.TableNotFound)]
    public async Task A_permanent_fault_stops_all(string kind, StoreProblemReason reason)
    {
        var table = new TableDouble();
        table.OnWrite = batch => new WriteReply { Sent = batch.Puts.Count, Fault = Some.Fault(Enum.Parse<FaultKind>(kind), 400) };

        Outcome outcome = await WriteAsync(table, 100, static options => options.MaxConcurrency = 1);

        Assert.Single(table.Writes);
        Assert.Equal((reason, 100), (outcome.Stopped, outcome.Failed(reason)));
    }

    [Theory]
    [InlineData("Internal", StoreProblemReason.InternalError)]
    [InlineData("Misconfigured", StoreProblemReason.Misconfigured)]
    public async Task An_error_below_the_library_that_may_come_after_the_deed_stops_all_and_leaves_what_was_sent_unknown(string kind, StoreProblemReason rest)
    {
        var table = new TableDouble();
        table.OnWrite = batch => new WriteReply { Sent = batch.Puts.Count, Fault = Some.Fault(Enum.Parse<FaultKind>(kind)) };

        Outcome outcome = await WriteAsync(table, 100, static options => options.MaxConcurrency = 1);

        Assert.Single(table.Writes);
        Assert.Equal((25, 75), (outcome.Failed(StoreProblemReason.OutcomeUnknown), outcome.Failed(rest)));
    }

    [Theory]
    [InlineData("Unavailable", 0, StoreProblemReason.OutcomeUnknown)]
    [InlineData("TimedOut", 0, StoreProblemReason.OutcomeUnknown)]
    [InlineData("Unavailable", 503, StoreProblemReason.Unavailable)]
    [InlineData("Unreachable", 0, StoreProblemReason.Unavailable)]
    public async Task What_was_sent_without_an_answer_is_unknown_and_the_rest_is_not(string kind, int status, StoreProblemReason sent)
    {
        var table = new TableDouble();
        table.OnWrite = batch => new WriteReply { Sent = batch.Puts.Count, Fault = Some.Fault(Enum.Parse<FaultKind>(kind), status) };

        Outcome outcome = await WriteAsync(table, 25, static options => options.MaxConcurrency = 1);

        Assert.Equal(3, table.Writes.Count);
        Assert.Equal(25, outcome.Failed(sent));
    }

    [Fact]
    public async Task A_fault_that_passes_costs_only_its_retry()
    {
        var table = new TableDouble();
        int calls = 0;
        table.OnWrite = batch => Interlocked.Increment(ref calls) == 1 ? new WriteReply { Sent = batch.Puts.Count, Fault = Some.Fault(FaultKind.Unavailable, 500) } : null;

        Outcome outcome = await WriteAsync(table, 50, static options => options.MaxConcurrency = 1);

        Assert.Equal((3, 50, 1), (table.Writes.Count, outcome.Inserted, outcome.Retries));
    }

    [Fact]
    public async Task A_poison_item_is_isolated_by_halving_wherever_it_is()
    {
        for (int poison = 0; poison < 25; poison++)
        {
            TableDouble table = Refusing(poison);

            Outcome outcome = await WriteAsync(table, 25);

            Assert.Equal((24, 1), (outcome.Inserted, outcome.Failed(StoreProblemReason.RefusedByTable)));
            Assert.Equal(poison, outcome.Problems[0].Index);
            Assert.InRange(table.Writes.Count - 1, 1, (2 * (int)Math.Ceiling(Math.Log2(25))) + 2);
            Assert.Null(outcome.Stopped);
        }
    }

    [Theory]
    [InlineData(0, 24)]
    [InlineData(11, 12)]
    [InlineData(0, 1)]
    public async Task Two_poison_items_are_both_found(int one, int other)
    {
        TableDouble table = Refusing(one, other);

        Outcome outcome = await WriteAsync(table, 25);

        Assert.Equal((23, 2), (outcome.Inserted, outcome.Failed(StoreProblemReason.RefusedByTable)));
        Assert.Equal([one, other], outcome.Problems.Select(static problem => problem.Index!.Value).Order());
    }

    [Theory]
    [InlineData("Invalid")]
    [InlineData("TooLarge")]
    public async Task A_table_that_refuses_every_item_of_the_first_batch_is_another_table(string kind)
    {
        var table = new TableDouble();
        table.OnWrite = batch => new WriteReply { Sent = batch.Puts.Count, Fault = Some.Fault(Enum.Parse<FaultKind>(kind), 400) };

        Outcome outcome = await WriteAsync(table, 100, static options => options.MaxConcurrency = 1);

        Assert.Equal((StoreProblemReason.TableMismatch, 100), (outcome.Stopped, outcome.Failed(StoreProblemReason.TableMismatch)));
        Assert.Equal(49, table.Writes.Count);
    }

    [Fact]
    public async Task One_item_that_is_refused_says_nothing_about_the_table()
    {
        var table = new TableDouble();
        table.OnWrite = static batch => Refused(batch);

        Outcome outcome = await WriteAsync(table, 1);

        Assert.Equal((1, null), (outcome.Failed(StoreProblemReason.RefusedByTable), outcome.Stopped));
        Assert.Single(table.Writes);
    }

    // The single item is refused while the other batch is being isolated, so that its turn comes after the stop.
    [Fact]
    public async Task A_single_item_that_is_refused_after_the_store_has_stopped_fails_for_the_reason_of_the_stop()
    {
        var table = new TableDouble();
        var isolating = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        table.OnWriteAsync = (batch, _) => batch.Puts.Count switch
        {
            25 => Task.FromResult(Refused(batch)),
            1 => RefuseLaterAsync(batch),
            _ => Task.FromResult(Deny(batch)),
        };

        Outcome outcome = await WriteAsync(table, 26, static options => options.MaxConcurrency = 2);

        Assert.Equal((3, 26, StoreProblemReason.AccessDenied), (table.Writes.Count, outcome.Failed(StoreProblemReason.AccessDenied), outcome.Stopped));

        WriteReply Deny(WriteBatch batch)
        {
            isolating.SetResult();
            return new WriteReply { Sent = batch.Puts.Count, Fault = Some.Fault(FaultKind.AccessDenied, 400) };
        }

        async Task<WriteReply> RefuseLaterAsync(WriteBatch batch)
        {
            await isolating.Task;
            return Refused(batch);
        }
    }

    // Three workers: one isolates, one is denied its batch, which stops the store, and one waits to repeat its own. That its wait has ended
    // shows that the stop was announced.
    [Fact]
    public async Task A_store_that_another_worker_stops_sends_no_other_part_of_a_batch_that_is_being_isolated()
    {
        var clock = new FixedClock();
        var table = new TableDouble();
        var isolating = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        table.OnWriteAsync = (batch, _) => batch.Puts.Count switch
        {
            12 => TakeAfterStopAsync(),
            _ when batch.Puts[0].Id == Some.Id(0) => Task.FromResult(Refused(batch)),
            _ when batch.Puts[0].Id == Some.Id(25) => DenyAsync(batch),
            _ => Task.FromResult(new WriteReply { Sent = batch.Puts.Count, Fault = Some.Fault(FaultKind.Unreachable) }),
        };

        Outcome outcome = await WriteAsync(
            table, 75, static options => (options.MaxConcurrency, options.RetryDelay, options.MaxRetryDelay) = (3, TimeSpan.FromHours(1), TimeSpan.FromHours(1)), clock);

        Assert.Equal((4, 12, 63), (table.Writes.Count, outcome.Inserted, outcome.Failed(StoreProblemReason.AccessDenied)));

        bool IsAnyoneWaiting() => clock.WaitingLongerThan(TimeSpan.FromMinutes(15)) > 0;

        async Task<WriteReply> TakeAfterStopAsync()
        {
            while (!IsAnyoneWaiting())
            {
                await Task.Yield();
            }

            isolating.SetResult();
            while (IsAnyoneWaiting())
            {
                await Task.Yield();
            }

            return new WriteReply { Sent = 12 };
        }

        async Task<WriteReply> DenyAsync(WriteBatch batch)
        {
            await isolating.Task;
            return new WriteReply { Sent = batch.Puts.Count, Fault = Some.Fault(FaultKind.AccessDenied, 400) };
        }
    }

    [Fact]
    public async Task The_end_of_the_call_while_a_batch_is_isolated_leaves_what_is_in_flight_unknown_and_the_rest_canceled()
    {
        using var caller = new CancellationTokenSource();
        var table = new TableDouble();
        table.OnWriteAsync = (batch, _) =>
        {
            if (batch.Puts.Count == 25)
            {
                return Task.FromResult(Refused(batch));
            }

            caller.Cancel();
            return new TaskCompletionSource<WriteReply>().Task;
        };

        Outcome outcome = await WriteAsync(table, 25, caller: caller.Token);

        Assert.Equal((2, 12, 13), (table.Writes.Count, outcome.Failed(StoreProblemReason.OutcomeUnknown), outcome.Failed(StoreProblemReason.Canceled)));
    }

    [Fact]
    public async Task No_more_than_100_requests_are_spent_on_isolation()
    {
        // One good item first, so that the table itself is beyond doubt.
        TableDouble table = Refusing([.. Enumerable.Range(1, 499)]);

        Outcome outcome = await WriteAsync(table, 500, static options => options.MaxConcurrency = 1);

        Assert.InRange(table.Writes.Count, 100, 100 + 20);
        Assert.Equal((1, 499), (outcome.Inserted, outcome.Failed(StoreProblemReason.RefusedByTable) + outcome.Failed(StoreProblemReason.BatchRefused)));
        Assert.InRange(outcome.Failed(StoreProblemReason.RefusedByTable), 1, 100);
    }

    [Fact]
    public async Task A_batch_over_16_MB_is_halved_until_it_fits()
    {
        var table = new TableDouble();
        table.OnWrite = static batch => batch.Puts.Count > 7 ? new WriteReply { Sent = batch.Puts.Count, Fault = Some.Fault(FaultKind.TooLarge, 413) } : null;

        Outcome outcome = await WriteAsync(table, 100);

        Assert.Equal((100, null), (outcome.Inserted, outcome.Stopped));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(25, 1)]
    [InlineData(26, 2)]
    public async Task Every_answer_that_brings_an_item_is_progress(int items, int progress)
    {
        var table = new TableDouble();
        int told = 0;

        await WriteAsync(table, items, onProgress: () => Interlocked.Increment(ref told));

        Assert.Equal(progress, told);
    }

    [Fact]
    public async Task An_answer_that_brings_nothing_is_no_progress()
    {
        var table = new TableDouble();
        table.OnWrite = static batch => Reply(batch, batch.Puts.Select(static put => put.Id));
        int told = 0;

        await WriteAsync(table, 25, onProgress: () => Interlocked.Increment(ref told));

        Assert.Equal(0, told);
    }

    [Fact]
    public async Task Leftovers_that_were_never_sent_change_nothing()
    {
        var table = new TableDouble();
        int calls = 0;
        table.OnWrite = batch => Interlocked.Increment(ref calls) == 1 ? Reply(batch, [Some.Id(99_999), batch.Puts[0].Id]) : null;

        Outcome outcome = await WriteAsync(table, 25);

        Assert.Equal((25, 2), (outcome.Inserted, table.Writes.Count));
        Assert.Single(table.Writes.Last().Puts);
    }

    [Fact]
    public async Task At_the_deadline_what_is_in_flight_is_unknown_and_the_rest_was_not_sent()
    {
        var clock = new FixedClock();
        var table = new TableDouble();
        var inFlight = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int calls = 0;
        table.OnWriteAsync = (batch, _) =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                return null;
            }

            inFlight.TrySetResult();
            return new TaskCompletionSource<WriteReply>().Task;
        };

        Task<Outcome> writing = WriteAsync(table, 100, static options => (options.MaxConcurrency, options.AttemptTimeout) = (1, TimeSpan.FromMinutes(1)), clock);
        await inFlight.Task;
        clock.Advance(TimeSpan.FromSeconds(26));
        Outcome outcome = await writing;

        Assert.Equal(2, table.Writes.Count);
        Assert.Equal((25, 25, 50), (outcome.Inserted, outcome.Failed(StoreProblemReason.OutcomeUnknown), outcome.Failed(StoreProblemReason.DeadlineExceeded)));
    }

    [Fact]
    public async Task What_was_answered_with_a_server_error_until_the_deadline_is_unknown()
    {
        var clock = new FixedClock();
        var table = new TableDouble();
        table.OnWrite = static batch => new WriteReply { Sent = batch.Puts.Count, Fault = Some.Fault(FaultKind.Unavailable, 500) };

        Task<Outcome> writing = WriteAsync(
            table,
            75,
            static options =>
            {
                (options.MaxConcurrency, options.AttemptTimeout) = (1, TimeSpan.FromSeconds(20));
                (options.RetryDelay, options.MaxRetryDelay) = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
            },
            clock);
        while (clock.WaitingLongerThan(TimeSpan.FromSeconds(26)) == 0)
        {
            await Task.Yield();
        }

        clock.Advance(TimeSpan.FromSeconds(26));
        Outcome outcome = await writing;

        Assert.Single(table.Writes);
        Assert.Equal((25, 50), (outcome.Failed(StoreProblemReason.OutcomeUnknown), outcome.Failed(StoreProblemReason.DeadlineExceeded)));
    }

    [Theory]
    [InlineData("Throttled", StoreProblemReason.Throttled)]
    [InlineData("AccessDenied", StoreProblemReason.AccessDenied)]
    public async Task What_was_answered_with_a_server_error_before_another_fault_is_unknown(string then, StoreProblemReason rest)
    {
        var table = new TableDouble();
        int calls = 0;
        table.OnWrite = batch => new WriteReply
        {
            Sent = batch.Puts.Count,
            Fault = Interlocked.Increment(ref calls) == 1 ? Some.Fault(FaultKind.Unavailable, 503) : Some.Fault(Enum.Parse<FaultKind>(then), 400),
        };

        Outcome outcome = await WriteAsync(table, 75, static options => options.MaxConcurrency = 1);

        Assert.Equal((25, 50), (outcome.Failed(StoreProblemReason.OutcomeUnknown), outcome.Failed(rest)));
    }

    [Fact]
    public async Task A_caller_who_ends_the_store_leaves_the_rest_canceled()
    {
        using var caller = new CancellationTokenSource();
        var table = new TableDouble();
        table.OnWriteAsync = (_, _) =>
        {
            caller.Cancel();
            return new TaskCompletionSource<WriteReply>().Task;
        };

        Outcome outcome = await WriteAsync(table, 75, static options => options.MaxConcurrency = 1, caller: caller.Token);

        Assert.Single(table.Writes);
        Assert.Equal((25, 50), (outcome.Failed(StoreProblemReason.OutcomeUnknown), outcome.Failed(StoreProblemReason.Canceled)));
    }

    [Theory]
    [InlineData("Unavailable", 0)]
    [InlineData("TimedOut", 0)]
    [InlineData("InvalidResponse", 200)]
    [InlineData("Unavailable", 500)]
    public async Task What_was_applied_without_an_answer_is_not_called_refused_when_the_retry_is(string kind, int status)
    {
        var table = new TableDouble();
        table.OnWriteAsync = (batch, _) => table.Writes.Count == 1 ? LoseAnswerAsync(table, batch, Some.Fault(Enum.Parse<FaultKind>(kind), status)) : Task.FromResult(Refused(batch));

        Outcome outcome = await WriteAsync(table, 25);

        Assert.Equal((0, 25, null), (outcome.Inserted, outcome.Failed(StoreProblemReason.OutcomeUnknown), outcome.Stopped));
        Assert.Equal(25, Stored(table).Count);
    }

    [Fact]
    public async Task A_table_that_refuses_what_may_be_stored_is_only_called_another_one_by_a_batch_beyond_doubt()
    {
        var table = new TableDouble();
        table.OnWriteAsync = (batch, _) => table.Writes.Count == 1 ? LoseAnswerAsync(table, batch, Some.Fault(FaultKind.Unavailable)) : Task.FromResult(Refused(batch));

        Outcome outcome = await WriteAsync(table, 75, static options => options.MaxConcurrency = 1);

        Assert.Equal((25, 50, StoreProblemReason.TableMismatch), (outcome.Failed(StoreProblemReason.OutcomeUnknown), outcome.Failed(StoreProblemReason.TableMismatch), outcome.Stopped));
    }

    [Fact]
    public async Task A_table_that_has_some_of_the_items_already_is_not_called_another_one()
    {
        var table = new TableDouble();
        await Some.Repository(table).StoreAsync(Some.Date, Some.Items(28));
        table.OnWrite = static batch => Refused(batch);

        StoreResult result = await Some.Repository(table).StoreAsync(Some.Date, Some.Items(30));

        Assert.Equal((28, 2), (result.Unchanged, result.Failed));
        Assert.All(result.Problems, static problem => Assert.Equal(StoreProblemReason.RefusedByTable, problem.Reason));
    }

    // The first item is refused alone, the second one throttled alone, and taken later.
    [Fact]
    public async Task A_table_that_has_not_refused_every_item_of_a_batch_is_not_called_another_one()
    {
        var table = new TableDouble();
        table.OnWrite = batch => batch.Puts.Any(static put => put.Id == Some.Id(0))
            ? Refused(batch)
            : table.Writes.Count == 3 ? new WriteReply { Sent = 1, Fault = Some.Fault(FaultKind.Throttled, 400) } : null;

        Outcome outcome = await WriteAsync(table, 2);

        Assert.Equal((1, 1, null), (outcome.Inserted, outcome.Failed(StoreProblemReason.RefusedByTable), outcome.Stopped));
        Assert.Equal(4, table.Writes.Count);
    }

    [Fact]
    public async Task A_table_is_not_called_another_one_while_a_batch_is_without_its_answer()
    {
        var table = new TableDouble();
        var refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int refusals = 0;
        table.OnWriteAsync = (batch, _) => batch.Puts.Count == 25 ? SlowAsync() : Refuse(batch);

        Outcome outcome = await WriteAsync(table, 27, static options => options.MaxConcurrency = 2);

        Assert.Equal((25, 2, null), (outcome.Inserted, outcome.Failed(StoreProblemReason.RefusedByTable), outcome.Stopped));

        async Task<WriteReply> SlowAsync()
        {
            await refused.Task;
            return new WriteReply { Sent = 25 };
        }

        // The pair, and then each of the two alone.
        Task<WriteReply> Refuse(WriteBatch batch)
        {
            if (++refusals == 3)
            {
                _ = Task.Run(refused.SetResult, CancellationToken.None);
            }

            return Task.FromResult(Refused(batch));
        }
    }

    [Fact]
    public async Task What_may_be_stored_is_not_called_refused_when_the_isolation_is_used_up()
    {
        // The first batch is applied, but its answer is lost. Its items are packed anew beside others, of which all but one are poison.
        TableDouble table = Refusing([.. Enumerable.Range(26, 474)]);
        Func<WriteBatch, Attempt, Task<WriteReply>?> refuse = table.OnWriteAsync;
        table.OnWriteAsync = (batch, attempt) => table.Writes.Count == 1 ? LoseAnswerAsync(table, batch, Some.Fault(FaultKind.Unavailable)) : refuse(batch, attempt);

        Outcome outcome = await WriteAsync(table, 500, static options => options.MaxConcurrency = 1);

        HashSet<DigestItemId> stored = Stored(table);
        Assert.All(outcome.Problems.Where(static problem => problem.Reason is StoreProblemReason.RefusedByTable or StoreProblemReason.BatchRefused), problem => Assert.DoesNotContain(problem.Id!.Value, stored));
        Assert.Equal(500, outcome.Inserted + outcome.Problems.Count);
    }

    [Fact]
    public async Task A_worker_whose_attempts_come_to_nothing_goes_on_when_another_one_has_stored_something_meanwhile()
    {
        var table = new TableDouble();
        var held = new TaskCompletionSource<WriteReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        var progressed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int calls = 0;
        table.OnWriteAsync = (batch, _) => Interlocked.Increment(ref calls) switch
        {
            1 => HoldAsync(batch),
            2 or 3 => Task.FromResult(Reply(batch, batch.Puts.Select(static put => put.Id))),
            4 => LastAttemptAsync(batch),
            _ => null,
        };

        Outcome outcome = await WriteAsync(table, 100, static options => options.MaxConcurrency = 2, onProgress: () => progressed.TrySetResult());

        Assert.Equal((100, null), (outcome.Inserted, outcome.Stopped));

        async Task<WriteReply> HoldAsync(WriteBatch batch)
        {
            await table.WriteThroughAsync(batch);
            return await held.Task;
        }

        async Task<WriteReply> LastAttemptAsync(WriteBatch batch)
        {
            held.SetResult(new WriteReply { Sent = 25 });
            await progressed.Task;
            return Reply(batch, batch.Puts.Select(static put => put.Id));
        }
    }

    // One unit an item, so that 1,000 items take one second at the 1,000 units a second that one partition admits.
    [Theory]
    [InlineData("one item is left over")]
    [InlineData("the batch is throttled as a whole")]
    public async Task After_the_first_throttling_batches_go_out_at_the_rate_of_a_partition(string throttling)
    {
        var table = new TableDouble();
        table.OnWrite = batch => table.Writes.Count > 1
            ? null
            : throttling.StartsWith("one", StringComparison.Ordinal)
                ? Reply(batch, [batch.Puts[0].Id])
                : new WriteReply { Sent = batch.Puts.Count, Fault = Some.Fault(FaultKind.Throttled, 400) };

        Outcome outcome = await WriteAsync(table, 1_000, static options =>
        {
            options.MaxConcurrency = 1;
            (options.RetryDelay, options.MaxRetryDelay) = (TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1));
        });

        Assert.Equal(1_000, outcome.Inserted);
        Assert.InRange(outcome.Elapsed, TimeSpan.FromSeconds(0.85), TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task The_rate_follows_what_a_throttling_table_admits_of_each_batch()
    {
        var table = new TableDouble();
        table.OnWriteAsync = (batch, _) => batch.Puts.Count < 25 ? null : TakeSomeAsync(table, batch, percentTens: 8);

        Outcome outcome = await WriteAsync(table, 500, static options => options.MaxConcurrency = 1);

        // Were the admitted units not counted, the rate would fall to its minimum, and this would take more than a minute.
        Assert.Equal(500, outcome.Inserted);
        Assert.InRange(outcome.Elapsed, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(5));
    }

    // The sum of 1 / (1,000 + 4 n) seconds for n below 1,000, since each batch that is taken raises the rate by 4 units a second.
    [Fact]
    public async Task A_batch_of_one_item_weighs_one_unit()
    {
        var table = new TableDouble();
        table.OnWrite = batch => table.Writes.Count > 1 ? null : new WriteReply { Sent = batch.Puts.Count, Fault = Some.Fault(FaultKind.Throttled, 400) };

        Outcome outcome = await WriteAsync(table, 1_000, OneItemAtATime);

        Assert.Equal(1_000, outcome.Inserted);
        Assert.InRange(outcome.Elapsed, TimeSpan.FromSeconds(0.39), TimeSpan.FromSeconds(0.42));
    }

    [Fact]
    public async Task The_rate_falls_to_what_a_table_admits_that_takes_little_of_each_batch()
    {
        var table = new TableDouble();
        table.OnWriteAsync = (batch, _) => TakeSomeAsync(table, batch, percentTens: 1);

        Outcome outcome = await WriteAsync(table, 100, static options => options.MaxConcurrency = 1);

        // Were what came back counted as admitted, this would take about a second.
        Assert.InRange(outcome.Elapsed, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task What_whole_batches_were_admitted_counts_for_the_rate()
    {
        var table = new TableDouble();
        table.OnWriteAsync = (batch, _) => table.Writes.Count % 10 == 1 ? TakeSomeAsync(table, batch, percentTens: 8) : null;

        Outcome outcome = await WriteAsync(table, 2_000, static options => options.MaxConcurrency = 1);

        // If only the admitted part of the tenth batch counted, the rate would fall to almost nothing, and this would take more than half a minute.
        Assert.Equal(2_000, outcome.Inserted);
        Assert.InRange(outcome.Elapsed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Of_a_batch_that_is_throttled_as_a_whole_nothing_counts_as_admitted()
    {
        var table = new TableDouble();
        table.OnWrite = batch => table.Writes.Count % 2 == 0 ? null : new WriteReply { Sent = batch.Puts.Count, Fault = Some.Fault(FaultKind.Throttled, 400) };

        Outcome outcome = await WriteAsync(table, 400, OneItemAtATime);

        // Half of what is sent is admitted, so the rate is halved again and again. Otherwise this would take about a second.
        Assert.Equal(400, outcome.Inserted);
        Assert.InRange(outcome.Elapsed, TimeSpan.FromSeconds(4), TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task After_a_fault_that_is_no_throttling_batches_are_not_slowed_down()
    {
        var table = new TableDouble();
        table.OnWrite = batch => table.Writes.Count > 1 ? null : new WriteReply { Sent = batch.Puts.Count, Fault = Some.Fault(FaultKind.Unavailable, 500) };

        Outcome outcome = await WriteAsync(table, 1_000, static options => (options.MaxConcurrency, options.RetryDelay) = (1, TimeSpan.FromMilliseconds(1)));

        Assert.Equal(1_000, outcome.Inserted);
        Assert.InRange(outcome.Elapsed, TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task After_any_script_of_answers_every_item_has_one_outcome_and_what_is_claimed_is_there()
    {
        FaultKind[] kinds =
        [
            FaultKind.Throttled, FaultKind.Unavailable, FaultKind.TimedOut, FaultKind.Unreachable, FaultKind.Invalid, FaultKind.TooLarge, FaultKind.AccessDenied,
            FaultKind.ClockSkew, FaultKind.InvalidResponse, FaultKind.Internal,
        ];
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var table = new TableDouble();
            table.OnWriteAsync = (batch, _) =>
            {
                int dice;
                lock (random)
                {
                    dice = random.Next(30);
                }

                if (dice < kinds.Length)
                {
                    TableFault fault = Some.Fault(kinds[dice]);
                    return fault.MayHaveBeenApplied ? LoseAnswerAsync(table, batch, fault) : Task.FromResult(new WriteReply { Sent = batch.Puts.Count, Fault = fault });
                }

                return dice < 20 ? TakeSomeAsync(table, batch, dice - 10) : null;
            };

            Outcome outcome = await WriteAsync(table, 130);

            HashSet<DigestItemId> stored = Stored(table);
            Assert.True(outcome.Inserted + outcome.Problems.Count == 130, $"Seed {seed}: {outcome.Inserted} and {outcome.Problems.Count}");
            Assert.True(outcome.Inserted <= stored.Count, $"Seed {seed}: {outcome.Inserted} claimed, {stored.Count} there");
            Assert.All(
                outcome.Problems.Where(static problem => problem.Reason != StoreProblemReason.OutcomeUnknown),
                problem => Assert.False(stored.Contains(problem.Id!.Value), $"Seed {seed}: item {problem.Index} is there and called {problem.Reason}"));
        }
    }

    // The table takes the batch, and its answer is lost.
    private static async Task<WriteReply> LoseAnswerAsync(TableDouble table, WriteBatch batch, TableFault fault)
    {
        await table.WriteThroughAsync(batch);
        return new WriteReply { Sent = batch.Puts.Count, Fault = fault };
    }

    private static WriteReply Refused(WriteBatch batch) => new() { Sent = batch.Puts.Count, Fault = Some.Fault(FaultKind.Invalid, 400) };

    private static HashSet<DigestItemId> Stored(TableDouble table) => table.Storage.With(
        "digests",
        Some.Partition.Key,
        static records => records.Keys.Select(static key => RecordKeys.TryParseItem(key, out DigestItemId id) ? id : default).ToHashSet());

    private static async Task<WriteReply> TakeSomeAsync(TableDouble table, WriteBatch batch, int percentTens)
    {
        int taken = batch.Puts.Count * percentTens / 10;
        if (taken > 0)
        {
            await table.WriteThroughAsync(batch with { Puts = [.. batch.Puts.Take(taken)] });
        }

        return Reply(batch, batch.Puts.Skip(taken).Select(static put => put.Id));
    }

    private static TableDouble Refusing(params int[] poison)
    {
        HashSet<DigestItemId> ids = [.. poison.Select(Some.Id)];
        var table = new TableDouble();
        table.OnWrite = batch => batch.Puts.Any(put => ids.Contains(put.Id)) ? new WriteReply { Sent = batch.Puts.Count, Fault = Some.Fault(FaultKind.Invalid, 400) } : null;
        return table;
    }

    private static WriteReply Reply(WriteBatch batch, IEnumerable<DigestItemId> unprocessed) => new() { Sent = batch.Puts.Count, Unprocessed = [.. unprocessed, .. None] };

    private static async Task<Outcome> WriteAsync(
        TableDouble table, int items, Action<DigestStoreOptions>? change = null, FixedClock? clock = null, Action? onProgress = null, CancellationToken caller = default)
    {
        // Back-off and pacing pass at once; an attempt would have to hang for ten minutes, and the store for an hour.
        using CallScope scope = Some.Scope(clock ?? new FixedClock { Hurry = TimeSpan.FromMinutes(1) }, clock is null ? TimeSpan.FromHours(1) : TimeSpan.FromSeconds(25), caller);
        var ledger = new StoreLedger(1_000);
        Action<DigestStoreOptions> patient = options =>
        {
            options.AttemptTimeout = TimeSpan.FromMinutes(10);
            change?.Invoke(options);
        };
        using var writer = new BatchWriter(Some.Context(scope, ledger, patient), Some.Gateway(table, scope, patient), onProgress ?? (static () => { }));
        List<PendingItem> pending = [.. Enumerable.Range(0, items).Select(index => Some.Pending(ledger.Receive(Some.Item(index)), Some.Item(index)))];

        await writer.WriteAsync(pending).WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);

        StoreResult result = ledger.ToResult(scope, "", null, deadLettered: 0, disabled: false);
        Assert.Equal(items, ledger.Settled);
        return new Outcome(result.Inserted, result.Cost.Retries, result.Problems, writer.StopCause?.Reason, scope.Elapsed);
    }

    private sealed record Outcome(int Inserted, int Retries, IReadOnlyList<StoreProblem> Problems, StoreProblemReason? Stopped, TimeSpan Elapsed)
    {
        public int Failed(StoreProblemReason reason) => Problems.Count(problem => problem.Reason == reason);
    }
}
