using System.Text.Json.Serialization;
using DigestStore.Storing;

namespace DigestStore;

/// <summary>What became of every item of a store call, and what the call cost.</summary>
[JsonConverter(typeof(StoreResultJsonConverter))]
public sealed class StoreResult
{
    private readonly OutcomeList _outcomes;
    private readonly StoreResultDetails _details;

    internal StoreResult(OutcomeList outcomes, StoreResultDetails details)
    {
        _outcomes = outcomes;
        _details = details;
        Status = StatusOf(this);
    }

    /// <summary>How the store call ended as a whole; derived from the counts.</summary>
    public StoreStatus Status { get; }

    /// <summary>What the caller's own input threw, or why it was not read to its end. The items that were read before have their outcomes.</summary>
    /// <value><see langword="null"/> when the input was read to its end.</value>
    public Exception? InputError => _details.InputError;

    /// <summary>How many items were taken from the input: the sum of <see cref="Inserted"/>, <see cref="Updated"/>, <see cref="Unchanged"/>, <see cref="Duplicates"/>, <see cref="Rejected"/>, <see cref="Failed"/> and <see cref="Skipped"/>.</summary>
    public int Received => _outcomes.Count;

    /// <summary>How many items are new in the table.</summary>
    public int Inserted => _outcomes.CountOf(DigestItemOutcome.Inserted);

    /// <summary>How many items replaced other content of the same canonical URL.</summary>
    public int Updated => _outcomes.CountOf(DigestItemOutcome.Updated);

    /// <summary>How many items the table already had with the same content.</summary>
    public int Unchanged => _outcomes.CountOf(DigestItemOutcome.Unchanged);

    /// <summary>How many items were replaced by a later one of the same input. The outcome of that later item says what became of the page.</summary>
    public int Duplicates => _outcomes.CountOf(DigestItemOutcome.Duplicate);

    /// <summary>How many items are invalid.</summary>
    public int Rejected => _outcomes.CountOf(DigestItemOutcome.Rejected);

    /// <summary>How many valid items are not known to be in the table.</summary>
    public int Failed => _outcomes.CountOf(DigestItemOutcome.Failed);

    /// <summary>How many items were not tried because the store is switched off.</summary>
    public int Skipped => _outcomes.CountOf(DigestItemOutcome.Skipped);

    /// <summary>One outcome per item, in input order; one byte each in memory.</summary>
    public IReadOnlyList<DigestItemOutcome> Outcomes => _outcomes;

    /// <summary>What went wrong: up to <see cref="DigestStoreOptions.MaxProblems"/> entries about items, and all about the call itself; the counts are never capped.</summary>
    public IReadOnlyList<StoreProblem> Problems => _details.Problems;

    /// <summary>What the call cost: requests, retries, capacity units, and the share of requests saved.</summary>
    public StoreCost Cost => _details.Cost with { Items = Received };

    /// <summary>How many failed or skipped items the dead-letter sink has taken.</summary>
    public int DeadLettered => _details.DeadLettered;

    /// <summary>How long the call took.</summary>
    public TimeSpan Duration => _details.Duration;

    /// <summary>The id that ties this call to logs and to the day's header.</summary>
    public string CorrelationId => _details.CorrelationId;

    /// <summary>How good the input was: what it lacks, what was rejected, what is odd about it, as a whole and by source.</summary>
    public DigestQuality Quality => _details.Quality;

    // A problem of a failed item is preferred to that of a rejected one: during an outage, the invalid link is not what matters.
    internal StoreProblem? MainProblem =>
        Problems.Count == 0 ? null : Problems.FirstOrDefault(static problem => problem.Outcome != DigestItemOutcome.Rejected) ?? Problems[0];

    internal int Stored => Inserted + Updated + Unchanged;

    /// <summary>Makes a result, for fakes of <see cref="IDigestRepository"/>; counts and status are derived, so it cannot contradict itself.</summary>
    /// <param name="outcomes">One outcome per item, in input order.</param>
    /// <param name="details">The rest; <see langword="null"/> for none.</param>
    /// <returns>The result.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="outcomes"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An outcome is not a defined one.</exception>
    public static StoreResult Create(IEnumerable<DigestItemOutcome> outcomes, StoreResultDetails? details = null)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        var list = new OutcomeList();
        foreach (DigestItemOutcome outcome in outcomes)
        {
            list.Add(outcome);
        }

        return new StoreResult(list, details ?? new StoreResultDetails());
    }

    /// <summary>Throws unless every valid item is stored and the input was read to its end. Also throws when all items were rejected.</summary>
    /// <exception cref="DigestStoreException">
    /// <see cref="Status"/> is not <see cref="StoreStatus.Stored"/>, or <see cref="InputError"/> is set. The reason is
    /// <see cref="DigestStoreErrorReason.Disabled"/> or <see cref="DigestStoreErrorReason.NotStored"/>.
    /// </exception>
    public void EnsureStored()
    {
        if (Status == StoreStatus.Stored && InputError is null)
        {
            return;
        }

        if (Status == StoreStatus.Disabled)
        {
            throw new DigestStoreException(
                DigestStoreErrorReason.Disabled,
                $"Nothing was stored: the store is switched off. Set {nameof(DigestStoreOptions)}.{nameof(DigestStoreOptions.Enabled)} to true.");
        }

        throw new DigestStoreException(DigestStoreErrorReason.NotStored, ToString(), InputError) { CorrelationId = CorrelationId };
    }

    /// <summary>The status, the counts and the main problem, in one line without content.</summary>
    /// <returns>For example <c>Stored: of 30 items 28 are in the table, 1 are duplicates, 1 were rejected and 0 failed.</c></returns>
    public override string ToString()
    {
        string problem = MainProblem is { } main ? $" Main problem: {main.Reason}: {main.Message}" : "";
        string skipped = Skipped > 0 ? $" {Skipped} were not tried." : "";
        return $"{Status}: of {Received} items {Stored} are in the table, {Duplicates} are duplicates, {Rejected} were rejected and {Failed} failed.{skipped}{problem}";
    }

    private static StoreStatus StatusOf(StoreResult result)
    {
        if (result._details.Disabled || result.Skipped > 0)
        {
            return StoreStatus.Disabled;
        }

        bool somethingLeft = result.Failed > 0 || result.InputError is not null;

        // Superseded letters do not make a replay a failure, because the table already has a newer record for their pages.
        bool allRejected = result.Rejected == result.Received &&
            result.Rejected > result.Quality.Defects.GetValueOrDefault(StoreProblemReason.Superseded);
        if (!somethingLeft && !allRejected)
        {
            return StoreStatus.Stored;
        }

        return result.Stored > 0 ? StoreStatus.PartiallyStored : StoreStatus.Failed;
    }
}
