namespace DigestStore;

/// <summary>What became of the deletion of a day.</summary>
public sealed record DeleteDayResult
{
    /// <summary>The day.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>Whether the day is deleted.</summary>
    public required DeleteDayOutcome Outcome { get; init; }

    /// <summary>How many items were deleted, expired and damaged ones included.</summary>
    /// <value>Default 0.</value>
    public int ItemsDeleted { get; init; }

    /// <summary>After what time another attempt is worth it.</summary>
    /// <value>Default zero. With <see cref="DeleteDayOutcome.HeldByAnother"/>: the rest of the lease, and an allowance for clocks that differ.</value>
    public TimeSpan RetryAfter { get; init; }

    /// <summary>Who holds the day.</summary>
    /// <value>Default <see langword="null"/>: nobody, or it is not known.</value>
    public string? HeldBy { get; init; }
}
