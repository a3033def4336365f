using DigestStore;
using static DigestStore.DigestItemOutcome;

namespace ConsumerTests;

public sealed class StoreResultTests
{
    public static TheoryData<DigestItemOutcome[], bool, StoreStatus> Statuses { get; } = new()
    {
        { [], false, StoreStatus.Stored },
        { [Inserted], false, StoreStatus.Stored },
        { [Updated], false, StoreStatus.Stored },
        { [Unchanged], false, StoreStatus.Stored },
        { [DigestItemOutcome.Duplicate, Inserted], false, StoreStatus.Stored },
        { [Rejected, Inserted], false, StoreStatus.Stored },
        { [Rejected, Unchanged], false, StoreStatus.Stored },
        { [Rejected], false, StoreStatus.Failed },
        { [Rejected, Rejected], false, StoreStatus.Failed },
        { [Failed], false, StoreStatus.Failed },
        { [Failed, Rejected], false, StoreStatus.Failed },
        { [DigestItemOutcome.Duplicate, Failed], false, StoreStatus.Failed },
        { [Failed, Inserted], false, StoreStatus.PartiallyStored },
        { [Failed, Updated], false, StoreStatus.PartiallyStored },
        { [Failed, Unchanged], false, StoreStatus.PartiallyStored },
        { [], true, StoreStatus.Failed },
        { [Rejected], true, StoreStatus.Failed },
        { [Inserted], true, StoreStatus.PartiallyStored },
        { [Unchanged, Rejected], true, StoreStatus.PartiallyStored },
        { [Skipped], false, StoreStatus.Disabled },
        { [Skipped, Skipped], true, StoreStatus.Disabled },
    };

    [Theory]
    [MemberData(nameof(Statuses))]
    public void The_status_follows_from_outcomes_and_input(DigestItemOutcome[] outcomes, bool inputBroke, StoreStatus expected)
    {
        StoreResult result = StoreResult.Create(outcomes, new StoreResultDetails { InputError = inputBroke ? new IOException() : null });

        Assert.Equal(expected, result.Status);
    }

    [Fact]
    public void An_empty_input_of_a_disabled_store_is_disabled() =>
        Assert.Equal(StoreStatus.Disabled, StoreResult.Create([], new StoreResultDetails { Disabled = true }).Status);

    [Fact]
    public void The_counts_follow_from_the_outcomes()
    {
        DigestItemOutcome[] outcomes = [Inserted, Updated, Updated, Unchanged, DigestItemOutcome.Duplicate, Rejected, Failed, Failed];
        StoreResult result = StoreResult.Create(outcomes);

        Assert.Equal(outcomes, result.Outcomes);
        Assert.Equal((8, 1, 2, 1, 1, 1, 2, 0), (result.Received, result.Inserted, result.Updated, result.Unchanged, result.Duplicates, result.Rejected, result.Failed, result.Skipped));
    }

    [Fact]
    public void The_outcomes_of_a_large_input_are_kept_in_order()
    {
        DigestItemOutcome[] outcomes = [.. Enumerable.Range(0, 100_000).Select(number => (DigestItemOutcome)(number % 7))];

        Assert.Equal(outcomes, StoreResult.Create(outcomes).Outcomes);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(200, 10, 0.95)]
    [InlineData(1, 3, 0)]
    [InlineData(4, 1, 0.75)]
    public void The_share_of_requests_saved_is_against_one_request_per_item(int items, int requests, double expected)
    {
        StoreResult result = StoreResult.Create(Enumerable.Repeat(Inserted, items), new StoreResultDetails { Cost = new StoreCost { Requests = requests } });

        Assert.Equal(expected, result.Cost.ShareOfRequestsSaved, precision: 10);
    }

    [Fact]
    public void The_details_come_back()
    {
        var problem = new StoreProblem { Reason = StoreProblemReason.HeaderNotWritten, Message = "The header is as it was." };
        var quality = new DigestQuality { Items = 4, WithSummary = 4, WithAuthor = 2, WithSource = 1, WithPublishedAt = 1 };
        StoreResult result = StoreResult.Create([Inserted], new StoreResultDetails
        {
            Problems = [problem],
            Cost = new StoreCost { Requests = 5, Retries = 2, WriteUnits = 1.5, ReadUnits = 0.5 },
            Duration = TimeSpan.FromSeconds(3),
            CorrelationId = "order-4711",
            Quality = quality,
        });

        Assert.Equal([problem], result.Problems);
        Assert.Equal((5, 2, 1.5, 0.5), (result.Cost.Requests, result.Cost.Retries, result.Cost.WriteUnits, result.Cost.ReadUnits));
        Assert.Equal(TimeSpan.FromSeconds(3), result.Duration);
        Assert.Equal("order-4711", result.CorrelationId);
        Assert.Same(quality, result.Quality);
        Assert.Equal(0.5, result.Quality.Completeness);
    }

    [Fact]
    public void A_result_without_details_has_the_defaults()
    {
        StoreResult result = StoreResult.Create([]);

        Assert.Empty(result.Problems);
        Assert.Null(result.InputError);
        Assert.Equal("", result.CorrelationId);
        Assert.Equal(1, result.Quality.Completeness);
        Assert.Empty(result.Quality.Defects);
        Assert.Empty(result.Quality.Findings);
        Assert.Empty(result.Quality.BySource);
    }

    [Fact]
    public void Missing_and_undefined_outcomes_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => StoreResult.Create(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => StoreResult.Create([(DigestItemOutcome)7]));
        Assert.Throws<ArgumentOutOfRangeException>(() => StoreResult.Create([(DigestItemOutcome)255]));
    }

    [Fact]
    public void EnsureStored_is_silent_when_everything_valid_is_stored() =>
        StoreResult.Create([Inserted, Rejected, DigestItemOutcome.Duplicate, Unchanged]).EnsureStored();

    [Fact]
    public void EnsureStored_names_the_counts_and_what_failed_first()
    {
        StoreResult result = StoreResult.Create([Inserted, DigestItemOutcome.Duplicate, Rejected, Failed, Failed], new StoreResultDetails
        {
            Problems =
            [
                new StoreProblem { Index = 2, Outcome = Rejected, Reason = StoreProblemReason.TitleMissing, Message = "The title is blank." },
                new StoreProblem { Index = 3, Outcome = Failed, Reason = StoreProblemReason.Throttled, Message = "The table admitted nothing." },
            ],
        });

        DigestStoreException thrown = Assert.Throws<DigestStoreException>(result.EnsureStored);
        Assert.Equal(DigestStoreErrorReason.NotStored, thrown.Reason);
        Assert.Equal("PartiallyStored: of 5 items 1 are in the table, 1 are duplicates, 1 were rejected and 2 failed. Main problem: Throttled: The table admitted nothing.", thrown.Message);
        Assert.Null(thrown.InnerException);
    }

    [Fact]
    public void EnsureStored_carries_the_error_of_the_input()
    {
        var error = new IOException("the feed broke");
        StoreResult result = StoreResult.Create([Inserted], new StoreResultDetails { InputError = error });

        DigestStoreException thrown = Assert.Throws<DigestStoreException>(result.EnsureStored);
        Assert.Same(error, thrown.InnerException);
        Assert.Equal("PartiallyStored: of 1 items 1 are in the table, 0 are duplicates, 0 were rejected and 0 failed.", thrown.Message);
    }

    [Fact]
    public void EnsureStored_names_the_switch_of_a_disabled_store()
    {
        DigestStoreException thrown = Assert.Throws<DigestStoreException>(StoreResult.Create([Skipped]).EnsureStored);

        Assert.Equal(DigestStoreErrorReason.Disabled, thrown.Reason);
        Assert.Equal("Nothing was stored: the store is switched off. Set DigestStoreOptions.Enabled to true.", thrown.Message);
    }

    [Fact]
    public void A_canceled_store_carries_its_result()
    {
        using var source = new CancellationTokenSource();
        StoreResult result = StoreResult.Create([Inserted, Unchanged, Failed]);
        var exception = new DigestStoreCanceledException(result, source.Token);

        Assert.IsAssignableFrom<OperationCanceledException>(exception);
        Assert.Same(result, exception.Result);
        Assert.Equal(source.Token, exception.CancellationToken);
        Assert.StartsWith("The store was canceled by its caller after 2 of 3 items", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => new DigestStoreCanceledException((StoreResult)null!, source.Token));
        Assert.Empty(new DigestStoreCanceledException().Result.Outcomes);
    }
}
