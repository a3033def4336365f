namespace DigestStore.UnitTests;

public sealed class StoreResultTests
{
    [Theory]
    [InlineData("", false, false, StoreStatus.Stored)]
    [InlineData("I", false, false, StoreStatus.Stored)]
    [InlineData("IUND", false, false, StoreStatus.Stored)]
    [InlineData("IR", false, false, StoreStatus.Stored)]
    [InlineData("R", false, false, StoreStatus.Failed)]
    [InlineData("RRR", false, false, StoreStatus.Failed)]
    [InlineData("RF", false, false, StoreStatus.Failed)]
    [InlineData("F", false, false, StoreStatus.Failed)]
    [InlineData("FD", false, false, StoreStatus.Failed)]
    [InlineData("IF", false, false, StoreStatus.PartiallyStored)]
    [InlineData("UF", false, false, StoreStatus.PartiallyStored)]
    [InlineData("NF", false, false, StoreStatus.PartiallyStored)]
    [InlineData("I", true, false, StoreStatus.PartiallyStored)]
    [InlineData("R", true, false, StoreStatus.Failed)]
    [InlineData("", true, false, StoreStatus.Failed)]
    [InlineData("", false, true, StoreStatus.Disabled)]
    [InlineData("S", false, false, StoreStatus.Disabled)]
    [InlineData("SS", true, true, StoreStatus.Disabled)]
    public void The_status_follows_from_the_outcomes(string outcomes, bool brokeOff, bool disabled, StoreStatus status)
    {
        StoreResult result = Create(outcomes, new StoreResultDetails { InputError = brokeOff ? new InvalidTimeZoneException() : null, Disabled = disabled });

        Assert.Equal(status, result.Status);
        if (status == StoreStatus.Stored)
        {
            result.EnsureStored();
        }
        else
        {
            Assert.Equal(
                status == StoreStatus.Disabled ? DigestStoreErrorReason.Disabled : DigestStoreErrorReason.NotStored,
                Assert.Throws<DigestStoreException>(result.EnsureStored).Reason);
        }
    }

    [Fact]
    public void Its_text_is_status_counts_and_main_problem()
    {
        Assert.Equal(
            "Stored: of 2 items 1 are in the table, 1 are duplicates, 0 were rejected and 0 failed.",
            StoreResult.Create([DigestItemOutcome.Duplicate, DigestItemOutcome.Inserted]).ToString());
        Assert.Equal(
            "Disabled: of 1 items 0 are in the table, 0 are duplicates, 0 were rejected and 0 failed. 1 were not tried.",
            StoreResult.Create([DigestItemOutcome.Skipped]).ToString());
    }

    [Fact]
    public void A_replay_of_which_all_is_superseded_is_as_it_should_be()
    {
        var quality = new DigestQuality { Defects = new Dictionary<StoreProblemReason, int> { [StoreProblemReason.Superseded] = 2 } };

        Assert.Equal(StoreStatus.Stored, StoreResult.Create([DigestItemOutcome.Rejected, DigestItemOutcome.Rejected], new StoreResultDetails { Quality = quality }).Status);
        Assert.Equal(StoreStatus.Failed, StoreResult.Create([DigestItemOutcome.Rejected, DigestItemOutcome.Rejected]).Status);
    }

    [Fact]
    public void The_counts_are_those_of_the_outcomes()
    {
        StoreResult result = Create("IIUUUNNNNDDDDDRRRRRRFFFFFFFSSSSSSSS");

        Assert.Equal(
            (35, 2, 3, 4, 5, 6, 7, 8),
            (result.Received, result.Inserted, result.Updated, result.Unchanged, result.Duplicates, result.Rejected, result.Failed, result.Skipped));
        Assert.Equal(DigestItemOutcome.Updated, result.Outcomes[2]);
    }

    [Theory]
    [InlineData(200, 10, 0.95)]
    [InlineData(4, 1, 0.75)]
    [InlineData(1, 3, 0)]
    [InlineData(0, 5, 0)]
    public void The_requests_saved_are_a_share_of_one_call_per_item(int items, int requests, double saved) => Assert.Equal(
        saved,
        Create(new string('I', items), new StoreResultDetails { Cost = new StoreCost { Requests = requests, Items = 99 } }).Cost.ShareOfRequestsSaved,
        9);

    [Fact]
    public void The_exception_names_the_counts_and_the_first_problem()
    {
        var cause = new InvalidTimeZoneException();
        var problem = new StoreProblem { Reason = StoreProblemReason.Throttled, Message = "Why." };
        StoreResult result = Create("INDRF", new StoreResultDetails { InputError = cause, Problems = [problem] });

        DigestStoreException exception = Assert.Throws<DigestStoreException>(result.EnsureStored);

        Assert.Equal("PartiallyStored: of 5 items 2 are in the table, 1 are duplicates, 1 were rejected and 1 failed. Main problem: Throttled: Why.", exception.Message);
        Assert.Same(cause, exception.InnerException);
    }

    [Fact]
    public void The_exception_of_a_switched_off_store_says_how_to_switch_it_on() => Assert.Equal(
        "Nothing was stored: the store is switched off. Set DigestStoreOptions.Enabled to true.",
        Assert.Throws<DigestStoreException>(Create("S").EnsureStored).Message);

    [Fact]
    public void An_undefined_outcome_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => StoreResult.Create([(DigestItemOutcome)99]));

    [Fact]
    public void A_result_of_nothing_has_usable_parts()
    {
        StoreResult result = StoreResult.Create([]);

        Assert.Equal(("", 0, 0, 0.0), (result.CorrelationId, result.Problems.Count, result.Outcomes.Count, result.Cost.ShareOfRequestsSaved));
        Assert.Same(DigestQuality.None, result.Quality);
    }

    [Fact]
    public void A_canceled_store_says_what_is_stored()
    {
        var exception = new DigestStoreCanceledException(Create("INF"), CancellationToken.None);

        Assert.StartsWith("The store was canceled by its caller after 2 of 3 items were known to be in the table.", exception.Message, StringComparison.Ordinal);
        Assert.Empty(new DigestStoreCanceledException().Result.Outcomes);
        Assert.Empty(new DigestStoreCanceledException("x").Result.Outcomes);
        Assert.Throws<ArgumentNullException>(static () => new DigestStoreCanceledException((StoreResult)null!, CancellationToken.None));
        Assert.Throws<ArgumentNullException>(static () => new DigestStoreCanceledException((DeliveryResult)null!, CancellationToken.None));
    }

    private static StoreResult Create(string outcomes, StoreResultDetails? details = null) => StoreResult.Create(
        outcomes.Select(static letter => (DigestItemOutcome)"IUNDRFS".IndexOf(letter, StringComparison.Ordinal)), details);
}
