using DigestStore.Resilience;
using DigestStore.Storing;
using DigestStore.Table;

namespace DigestStore.UnitTests.Storing;

public sealed class BatchWriterTests
{
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
    [InlineData("Internal", StoreProblemReason.InternalError)]
    public async Task A_permanent_fault_stops_all(string kind, StoreProblemReason reason)
    {
        var table = new TableDouble();
        table.OnWrite = batch => new WriteReply { Sent = batch.Puts.Count, Fault = Some.Fault(Enum.Parse<FaultKind>(kind), 400) };

        Outcome outcome = await WriteAsync(table, 100, static options => options.MaxConcurrency = 1);

        Assert.Single(table.Writes);
        Assert.Equal((reason, 100), (outcome.Stopped, outcome.Failed(reason)));
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
    public async Task No_more_than_100_requests_are_spent_on_isolation()
    {
        // One good item first, so that the table itself is beyond doubt.
        TableDouble table = Refusing([.. Enumerable.Range(1, 499)]);

        Outcome outcome = await WriteAsync(table, 500, static options => options.MaxConcurrency = 1);

        Assert.InRange(table.Writes.Count, 100, 100 + 20);
        Assert.Equal((1, 499), (outcome.Inserted, outcome.Failed(StoreProblemReason.RefusedByTable)));
    }

    [Fact]
    public async Task A_batch_over_16_MB_is_halved_until_it_fits()
    {
        var table = new TableDouble();
        table.OnWrite = static batch => batch.Puts.Count > 7 ? new WriteReply { Sent = batch.Puts.Count, Fault = Some.Fault(FaultKind.TooLarge, 413) } : null;

        Outcome outcome = await WriteAsync(table, 100);

        Assert.Equal((100, null), (outcome.Inserted, outcome.Stopped));
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
                    return Task.FromResult(new WriteReply { Sent = batch.Puts.Count, Fault = Some.Fault(kinds[dice]) });
                }

                return dice < 20 ? TakeSomeAsync(table, batch, dice - 10) : null;
            };

            Outcome outcome = await WriteAsync(table, 130);

            int there = table.Storage.With("digests", Some.Partition.Key, static records => records.Count);
            Assert.True(outcome.Inserted + outcome.Problems.Count == 130, $"Seed {seed}: {outcome.Inserted} and {outcome.Problems.Count}");
            Assert.True(outcome.Inserted <= there, $"Seed {seed}: {outcome.Inserted} claimed, {there} there");
        }
    }

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
        TableDouble table, int items, Action<DigestStoreOptions>? change = null, FixedClock? clock = null, CancellationToken caller = default)
    {
        // Back-off and pacing pass at once; an attempt would have to hang for ten minutes, and the store for an hour.
        using CallScope scope = Some.Scope(clock ?? new FixedClock { Hurry = TimeSpan.FromMinutes(1) }, clock is null ? TimeSpan.FromHours(1) : TimeSpan.FromSeconds(25), caller);
        var ledger = new StoreLedger(1_000);
        Action<DigestStoreOptions> patient = options =>
        {
            options.AttemptTimeout = TimeSpan.FromMinutes(10);
            change?.Invoke(options);
        };
        using var writer = new BatchWriter(Some.Gateway(table, scope, patient), Some.Options(patient), Some.Partition, ledger, static () => { });
        List<PendingItem> pending = [.. Enumerable.Range(0, items).Select(index => Some.Pending(ledger.Receive(Some.Item(index)), Some.Item(index)))];

        await writer.WriteAsync(pending).WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);

        StoreResult result = ledger.ToResult(scope, "", null, deadLettered: 0, disabled: false);
        Assert.Equal(items, ledger.Settled);
        return new Outcome(result.Inserted, result.Retries, result.Problems, writer.Stopped);
    }

    private sealed record Outcome(int Inserted, int Retries, IReadOnlyList<StoreProblem> Problems, StoreProblemReason? Stopped)
    {
        public int Failed(StoreProblemReason reason) => Problems.Count(problem => problem.Reason == reason);
    }
}
