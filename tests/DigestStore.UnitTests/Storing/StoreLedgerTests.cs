using DigestStore.Calls;
using DigestStore.Faults;
using DigestStore.Storing;
using DigestStore.Table;
using FsCheck;
using FsCheck.Fluent;

namespace DigestStore.UnitTests.Storing;

public sealed class StoreLedgerTests
{
    [Fact]
    public void The_counts_always_sum_up_to_what_was_received() => Prop.ForAll(
        Gen.Two(Gen.Choose(0, 9)).ArrayOf().ToArbitrary(),
        static steps =>
        {
            var ledger = new StoreLedger(5);
            for (int place = 0; place < 10; place++)
            {
                ledger.Receive(place % 2 == 0 ? Some.Item(place) : null);
            }

            foreach ((int place, int action) in steps)
            {
                switch (action)
                {
                    case 7:
                        ledger.Reject(place, null, null, StoreProblemReason.ItemMissing);
                        break;
                    case 8:
                        ledger.Fail(Some.Pending(place), new FailureCause(StoreProblemReason.Throttled));
                        break;
                    case 9:
                        ledger.Problem(StoreProblemReason.HeaderNotWritten);
                        break;
                    default:
                        ledger.Settle(place, (DigestItemOutcome)action);
                        break;
                }
            }

            ledger.FailRest(StoreProblemReason.InternalError);
            using CallScope scope = Some.Scope();
            StoreResult result = ledger.ToResult(scope, "", null, deadLettered: 0, disabled: false);
            int sum = result.Inserted + result.Updated + result.Unchanged + result.Duplicates + result.Rejected + result.Failed + result.Skipped;
            return sum == 10 && result.Received == 10 && result.Outcomes.Count == 10 && ledger.Settled == 10 && result.Problems.Count(static problem => problem.Index is not null) <= 5 && result.Quality.Items == 5;
        }).Check(Generate.Often);

    [Fact]
    public void Problems_are_capped_and_counts_are_not()
    {
        var ledger = new StoreLedger(2);
        for (int place = 0; place < 5; place++)
        {
            ledger.Receive(null);
            ledger.Reject(place, null, null, StoreProblemReason.ItemMissing);
        }

        using CallScope scope = Some.Scope();
        StoreResult result = ledger.ToResult(scope, "id", null, deadLettered: 0, disabled: false);

        Assert.Equal((5, 2, 5), (result.Rejected, result.Problems.Count, result.Quality.Defects[StoreProblemReason.ItemMissing]));
        Assert.Equal(
            new StoreProblem { Index = 0, Outcome = DigestItemOutcome.Rejected, Reason = StoreProblemReason.ItemMissing, Message = "The element is null. Leave it out of the input." },
            result.Problems[0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void The_call_s_own_problems_are_listed_however_many_items_have_one(int most)
    {
        var ledger = new StoreLedger(most);
        for (int place = 0; place < 5; place++)
        {
            ledger.Receive(null);
            ledger.Reject(place, null, null, StoreProblemReason.ItemMissing);
        }

        ledger.Problem(StoreProblemReason.HeaderNotWritten);
        ledger.Problem(StoreProblemReason.InputBrokeOff);

        using CallScope scope = Some.Scope();
        StoreResult result = ledger.ToResult(scope, "id", null, deadLettered: 0, disabled: false);

        Assert.Equal(most, result.Problems.Count(static problem => problem.Index is not null));
        Assert.Equal([StoreProblemReason.HeaderNotWritten, StoreProblemReason.InputBrokeOff], result.Problems.Skip(most).Select(static problem => problem.Reason));
        Assert.All(result.Problems, static problem => Assert.Equal(ProblemMessages.Of(problem.Reason), problem.Message));
    }

    [Fact]
    public void What_an_unexpected_end_leaves_is_failed()
    {
        var ledger = new StoreLedger(10);
        ledger.Receive(null);
        ledger.Receive(null);
        ledger.Settle(0, DigestItemOutcome.Inserted);

        ledger.FailRest(StoreProblemReason.InternalError);

        Assert.Equal((1, 1, 2), (ledger.Inserted, ledger.Failed, ledger.Settled));
        Assert.True(ledger.IsStored(0));
        Assert.False(ledger.IsStored(1));
        using CallScope scope = Some.Scope();
        StoreProblem problem = Assert.Single(ledger.ToResult(scope, "id", null, deadLettered: 0, disabled: false).Problems);
        Assert.Equal((1, DigestItemOutcome.Failed, StoreProblemReason.InternalError), (problem.Index, problem.Outcome, problem.Reason));
        Assert.Equal(ProblemMessages.Of(StoreProblemReason.InternalError), problem.Message);
    }

    [Fact]
    public void What_was_inserted_updated_or_found_unchanged_is_stored()
    {
        var ledger = new StoreLedger(10);
        DigestItemOutcome[] outcomes =
        [
            DigestItemOutcome.Inserted, DigestItemOutcome.Updated, DigestItemOutcome.Updated, DigestItemOutcome.Unchanged, DigestItemOutcome.Unchanged, DigestItemOutcome.Unchanged,
            DigestItemOutcome.Duplicate, DigestItemOutcome.Rejected, DigestItemOutcome.Failed, DigestItemOutcome.Skipped,
        ];
        foreach (DigestItemOutcome outcome in outcomes)
        {
            int index = ledger.Receive(null);
            Assert.False(ledger.IsStored(index));
            ledger.Settle(index, outcome);
        }

        Assert.Equal((6, 1, 1, 1), (ledger.Stored, ledger.Inserted, ledger.Failed, ledger.Skipped));
        Assert.Equal(6, Enumerable.Range(0, outcomes.Length).Count(ledger.IsStored));
    }

    [Fact]
    public void What_comes_after_the_result_changes_nothing()
    {
        var ledger = new StoreLedger(10);
        ledger.Receive(Some.Item());
        ledger.Settle(0, DigestItemOutcome.Inserted);
        using CallScope scope = Some.Scope();
        StoreResult result = ledger.ToResult(scope, "id", null, deadLettered: 0, disabled: false);

        int late = ledger.Receive(Some.Item(1));
        ledger.Reject(late, null, null, StoreProblemReason.TitleMissing);
        ledger.Settle(late, DigestItemOutcome.Inserted);
        ledger.Settle(0, DigestItemOutcome.Updated);
        ledger.Duplicate(0, Some.Item(1));
        ledger.Reinstate(0, Some.Item(1));
        Assert.Null(ledger.Supersede(0, Some.Pending(0), unreported: DigestItemOutcome.Updated));
        ledger.Fail(Some.Pending(0), new FailureCause(StoreProblemReason.Throttled));
        ledger.Problem(StoreProblemReason.HeaderNotWritten);

        Assert.Equal([DigestItemOutcome.Inserted], result.Outcomes);
        Assert.Equal((1, 1, 0, 0), (result.Received, result.Inserted, result.Problems.Count, result.Quality.Duplicates));
    }

    [Fact]
    public void The_result_tells_what_the_call_was_and_what_it_cost()
    {
        var clock = new FixedClock();
        using CallScope scope = Some.Scope(clock);
        scope.CountRequest(null);
        scope.CountRequest("throttled");
        scope.CountUnits(new PageReply { Units = 0.5 });
        scope.CountUnits(new WriteReply { Sent = 1, Units = 4 });
        clock.Advance(TimeSpan.FromSeconds(3));
        var error = new InvalidTimeZoneException();
        var ledger = new StoreLedger(10);
        ledger.Receive(Some.Item());

        Assert.Equal(new StoreProgress { Received = 1, Settled = 0, Failed = 0, Requests = 2, Total = 7 }, ledger.Progress(scope, total: 7));
        ledger.Fail(Some.Pending(0), new FailureCause(StoreProblemReason.Throttled));
        Assert.Equal(new StoreProgress { Received = 1, Settled = 1, Failed = 1, Requests = 2, Total = null }, ledger.Progress(scope, total: null));
        StoreResult result = ledger.ToResult(scope, "id", error, deadLettered: 1, disabled: true);

        Assert.Equal(("id", error, 1, StoreStatus.Disabled), (result.CorrelationId, result.InputError, result.DeadLettered, result.Status));
        Assert.Equal((2, 1, 0.5, 4.0, TimeSpan.FromSeconds(3)), (result.Cost.Requests, result.Cost.Retries, result.Cost.ReadUnits, result.Cost.WriteUnits, result.Duration));
        StoreProblem problem = Assert.Single(result.Problems);
        Assert.Equal((0, Some.Id(0), DigestItemOutcome.Failed, StoreProblemReason.Throttled), (problem.Index, problem.Id, problem.Outcome, problem.Reason));
    }

    [Fact]
    public void Items_that_nobody_has_looked_at_end_like_the_call()
    {
        var ledger = new StoreLedger(10);
        ledger.ReceiveUnprepared(3);
        Assert.Equal((3, 0), (ledger.Received, ledger.Settled));
        ledger.CountFindings(Some.Item(), default);

        ledger.FailRest(StoreProblemReason.DeadlineExceeded);

        Assert.Equal((3, 3), (ledger.Settled, ledger.Failed));
        using CallScope scope = Some.Scope();
        Assert.Equal(1, ledger.ToResult(scope, "id", null, deadLettered: 0, disabled: false).Quality.Items);
    }

    [Fact]
    public void What_is_left_when_the_store_is_switched_off_is_skipped_without_a_problem()
    {
        var ledger = new StoreLedger(10);
        ledger.Receive(Some.Item(0));
        ledger.Receive(Some.Item(1));
        ledger.Receive(Some.Item(2));
        ledger.Settle(1, DigestItemOutcome.Inserted);

        ledger.FailRest(StoreProblemReason.Disabled);

        using CallScope scope = Some.Scope();
        StoreResult result = ledger.ToResult(scope, "id", null, deadLettered: 0, disabled: true);
        Assert.Equal([DigestItemOutcome.Skipped, DigestItemOutcome.Inserted, DigestItemOutcome.Skipped], result.Outcomes);
        Assert.Empty(result.Problems);
    }

    // A letter is written of both, and needs a reason.
    [Theory]
    [InlineData(StoreProblemReason.Disabled, DigestItemOutcome.Skipped)]
    [InlineData(StoreProblemReason.Disposed, DigestItemOutcome.Failed)]
    public void An_item_that_was_never_tried_has_the_reason_of_its_call(StoreProblemReason reason, DigestItemOutcome outcome)
    {
        var ledger = new StoreLedger(10);
        PendingItem item = Some.Pending(0);
        ledger.Receive(item.Content.Item);

        ledger.SettleUnsent(item, reason);

        using CallScope scope = Some.Scope();
        Assert.Equal([outcome], ledger.ToResult(scope, "id", null, deadLettered: 0, disabled: false).Outcomes);
        Assert.Equal(reason, item.Failure);
    }

    [Fact]
    public void An_unexpected_end_leaves_the_outcomes_that_there_are_alone()
    {
        var ledger = new StoreLedger(10);
        PendingItem stored = Some.Pending(0);
        PendingItem left = Some.Pending(1);
        ledger.Receive(stored.Content.Item);
        ledger.Receive(left.Content.Item);
        ledger.Settle(0, DigestItemOutcome.Inserted);

        ledger.FailUnsettled([stored, left], new FailureCause(StoreProblemReason.InternalError));

        Assert.Equal((1, 1), (ledger.Inserted, ledger.Failed));
        Assert.Equal((null, StoreProblemReason.InternalError), (stored.Failure, left.Failure));
    }

    [Fact]
    public void Every_reason_has_a_message_of_its_own_with_a_remedy()
    {
        string[] messages = [.. Enum.GetValues<StoreProblemReason>().Select(static reason => ProblemMessages.Of(reason))];

        Assert.Equal(messages.Length, messages.Distinct().Count());
        Assert.All(messages, static message => Assert.Matches("^[A-Z].+[.;] .+\\.$", message));
    }

    [Fact]
    public void A_copy_that_gives_way_is_a_duplicate_of_the_later_ones_source()
    {
        var ledger = new StoreLedger(10);
        PendingItem later = Some.Pending(1, Some.Item() with { Source = "Later" });
        ledger.Receive(Some.Item() with { Source = "Earlier" });
        ledger.Receive(later.Content.Item);
        ledger.Settle(0, DigestItemOutcome.Inserted);
        ledger.Settle(1, DigestItemOutcome.Updated);

        ledger.Supersede(0, later, unreported: null);

        using CallScope scope = Some.Scope();
        StoreResult result = ledger.ToResult(scope, "id", null, deadLettered: 0, disabled: false);
        Assert.Equal([DigestItemOutcome.Duplicate, DigestItemOutcome.Inserted], result.Outcomes);
        Assert.Equal((1, 0, 1), (result.Quality.Duplicates, result.Quality.BySource["Earlier"].Duplicates, result.Quality.BySource["Later"].Duplicates));
    }

    [Theory]
    [InlineData(DigestItemOutcome.Inserted, DigestItemOutcome.Updated, DigestItemOutcome.Inserted)]
    [InlineData(DigestItemOutcome.Inserted, DigestItemOutcome.Unchanged, DigestItemOutcome.Inserted)]
    [InlineData(DigestItemOutcome.Updated, DigestItemOutcome.Updated, DigestItemOutcome.Updated)]
    [InlineData(DigestItemOutcome.Updated, DigestItemOutcome.Unchanged, DigestItemOutcome.Updated)]
    [InlineData(DigestItemOutcome.Updated, DigestItemOutcome.Inserted, DigestItemOutcome.Inserted)]
    [InlineData(DigestItemOutcome.Unchanged, DigestItemOutcome.Updated, DigestItemOutcome.Updated)]
    [InlineData(DigestItemOutcome.Unchanged, DigestItemOutcome.Unchanged, DigestItemOutcome.Unchanged)]
    public void The_later_copy_tells_what_both_did_to_the_table(DigestItemOutcome earlier, DigestItemOutcome later, DigestItemOutcome both)
    {
        (IReadOnlyList<DigestItemOutcome> outcomes, DigestItemOutcome? owed) = Supersede(ledger => ledger.Settle(0, earlier), ledger => ledger.Settle(1, later));

        Assert.Equal([DigestItemOutcome.Duplicate, both], outcomes);
        Assert.Null(owed);
    }

    [Theory]
    [InlineData(DigestItemOutcome.Inserted, null, DigestItemOutcome.Inserted)]
    [InlineData(DigestItemOutcome.Updated, null, DigestItemOutcome.Updated)]
    [InlineData(DigestItemOutcome.Unchanged, null, null)]
    [InlineData(DigestItemOutcome.Unchanged, DigestItemOutcome.Updated, DigestItemOutcome.Updated)]
    public void A_copy_whose_later_one_may_be_stored_is_not_claimed_any_more(DigestItemOutcome earlier, DigestItemOutcome? owed, DigestItemOutcome? stillOwed)
    {
        (IReadOnlyList<DigestItemOutcome> outcomes, DigestItemOutcome? left) = Supersede(ledger => ledger.Settle(0, earlier), Fail(1), owed);

        Assert.Equal([DigestItemOutcome.Duplicate, DigestItemOutcome.Failed], outcomes);
        Assert.Equal(stillOwed, left);
    }

    [Theory]
    [InlineData(DigestItemOutcome.Inserted)]
    [InlineData(DigestItemOutcome.Updated)]
    [InlineData(DigestItemOutcome.Unchanged)]
    public void A_copy_that_was_reported_as_failed_stays_so(DigestItemOutcome later)
    {
        (IReadOnlyList<DigestItemOutcome> outcomes, DigestItemOutcome? owed) = Supersede(Fail(0), ledger => ledger.Settle(1, later));

        Assert.Equal([DigestItemOutcome.Failed, later], outcomes);
        Assert.Null(owed);
    }

    [Theory]
    [InlineData(DigestItemOutcome.Inserted, DigestItemOutcome.Unchanged, DigestItemOutcome.Inserted)]
    [InlineData(DigestItemOutcome.Updated, DigestItemOutcome.Unchanged, DigestItemOutcome.Updated)]
    [InlineData(DigestItemOutcome.Updated, DigestItemOutcome.Updated, DigestItemOutcome.Updated)]
    public void The_copy_after_one_that_failed_tells_what_is_owed(DigestItemOutcome owed, DigestItemOutcome later, DigestItemOutcome both)
    {
        (IReadOnlyList<DigestItemOutcome> outcomes, DigestItemOutcome? left) = Supersede(Fail(0), ledger => ledger.Settle(1, later), owed);

        Assert.Equal([DigestItemOutcome.Failed, both], outcomes);
        Assert.Null(left);
    }

    [Fact]
    public void An_earlier_copy_takes_its_place_back_from_one_that_is_rejected()
    {
        var ledger = new StoreLedger(10);
        DigestItem later = Some.Item() with { Source = "Later" };
        ledger.Receive(Some.Item());
        ledger.Receive(later);
        ledger.Duplicate(0, later);
        ledger.Reject(1, null, later, StoreProblemReason.ItemTooLarge);

        ledger.Reinstate(0, later);
        int settled = ledger.Settled;
        ledger.Settle(0, DigestItemOutcome.Updated);

        using CallScope scope = Some.Scope();
        StoreResult result = ledger.ToResult(scope, "id", null, deadLettered: 0, disabled: false);
        Assert.Equal([DigestItemOutcome.Updated, DigestItemOutcome.Rejected], result.Outcomes);
        Assert.Equal((1, 0, 0), (settled, result.Quality.Duplicates, result.Quality.BySource["Later"].Duplicates));
    }

    private static Action<StoreLedger> Fail(int index) => ledger => ledger.Fail(Some.Pending(index), new FailureCause(StoreProblemReason.Throttled));

    private static (IReadOnlyList<DigestItemOutcome> Outcomes, DigestItemOutcome? Owed) Supersede(Action<StoreLedger> first, Action<StoreLedger> second, DigestItemOutcome? owed = null)
    {
        var ledger = new StoreLedger(10);
        ledger.Receive(Some.Item());
        ledger.Receive(Some.Item());
        first(ledger);
        second(ledger);

        DigestItemOutcome? left = ledger.Supersede(0, Some.Pending(1), owed);

        using CallScope scope = Some.Scope();
        return (ledger.ToResult(scope, "id", null, deadLettered: 0, disabled: false).Outcomes, left);
    }
}
