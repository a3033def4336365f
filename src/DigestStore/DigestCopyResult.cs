namespace DigestStore;

/// <summary>What became of a copy. Every date of the range is in it: with an outcome, as one of which the source has nothing, or as one that is left.</summary>
public sealed record DigestCopyResult
{
    /// <summary>The days of which the source has something, or of which that is not known, oldest first.</summary>
    public required IReadOnlyList<DigestCopyDay> Days { get; init; }

    /// <summary>How many dates the range has.</summary>
    public required int Dates { get; init; }

    /// <summary>How many dates, the last ones of the range, were not dealt with or not to their end: the copy was canceled, or three days in a row failed.</summary>
    /// <value>Default 0.</value>
    public int DatesLeft { get; init; }

    /// <summary>Of how many dates the source has nothing.</summary>
    public int DatesWithoutRecords => Dates - DatesLeft - Days.Count;

    /// <summary>How many days were <see cref="DigestCopyOutcome.Copied"/>.</summary>
    public int Copied => Count(DigestCopyOutcome.Copied);

    /// <summary>How many days were <see cref="DigestCopyOutcome.AlreadyEqual"/>.</summary>
    public int AlreadyEqual => Count(DigestCopyOutcome.AlreadyEqual);

    /// <summary>How many days were <see cref="DigestCopyOutcome.Kept"/>.</summary>
    public int Kept => Count(DigestCopyOutcome.Kept);

    /// <summary>How many days were <see cref="DigestCopyOutcome.Different"/>.</summary>
    public int Different => Count(DigestCopyOutcome.Different);

    /// <summary>How many days have <see cref="DigestCopyOutcome.Failed"/>.</summary>
    public int Failed => Count(DigestCopyOutcome.Failed);

    /// <summary>How many items of all days were written to the target.</summary>
    public int ItemsCopied => Days.Sum(static day => day.ItemsCopied);

    /// <summary>Whether the whole range was dealt with, and no day failed or is different.</summary>
    public bool IsComplete => Failed + Different + DatesLeft == 0;

    /// <summary>What the requests to the source have cost.</summary>
    public StoreCost SourceCost { get; init; }

    /// <summary>What the requests to the target have cost.</summary>
    public StoreCost TargetCost { get; init; }

    /// <summary>How long the copy took.</summary>
    public TimeSpan Duration { get; init; }

    private int Count(DigestCopyOutcome outcome) => Days.Count(day => day.Outcome == outcome);
}
