namespace DigestStore;

/// <summary>What became of one day of a copy.</summary>
public sealed record DigestCopyDay
{
    /// <summary>The day.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>What became of it.</summary>
    public required DigestCopyOutcome Outcome { get; init; }

    /// <summary>How many items the source has. Records of other programs count as items here and below; those that have expired do not.</summary>
    /// <value>Default 0, also when the source could not be read.</value>
    public int Items { get; init; }

    /// <summary>How many of them are known to have been written to the target by this copy.</summary>
    /// <value>Default 0.</value>
    public int ItemsCopied { get; init; }

    /// <summary>How many of them were left out, because the target has a newer one or the day was deleted.</summary>
    /// <value>Default 0.</value>
    public int ItemsKept { get; init; }

    /// <summary>Why the target kept something of its own.</summary>
    /// <value>Default <see langword="null"/>: it did not.</value>
    public DigestCopyKept? KeptBecause { get; init; }

    /// <summary>What the target says about the email of the day after the copy. When the stores are only compared, what it would say.</summary>
    /// <value>Default <see langword="null"/>: the day has no header, or it failed.</value>
    public DeliveryStatus? Status { get; init; }

    /// <summary>Why the day failed.</summary>
    /// <value>Default <see langword="null"/>: it did not.</value>
    public DigestStoreErrorReason? Error { get; init; }

    /// <summary>What happened to a day that failed, and what to do about it.</summary>
    /// <value>Default <see langword="null"/>: it did not fail.</value>
    public string? Message { get; init; }
}
