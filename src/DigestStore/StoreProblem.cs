namespace DigestStore;

/// <summary>One thing that went wrong in a store.</summary>
/// <remarks>It never holds content: no title, no URL, no text of an exception.</remarks>
public sealed record StoreProblem
{
    /// <summary>The place of the item in the input, from 0.</summary>
    /// <value>Default <see langword="null"/>: the problem is not that of one item.</value>
    public int? Index { get; init; }

    /// <summary>The id of the item.</summary>
    /// <value>Default <see langword="null"/>: the item is invalid and has none, or the problem is not that of one item.</value>
    public DigestItemId? Id { get; init; }

    /// <summary>What became of the item.</summary>
    /// <value>Default <see langword="null"/>: the problem is not that of one item.</value>
    public DigestItemOutcome? Outcome { get; init; }

    /// <summary>Why.</summary>
    public required StoreProblemReason Reason { get; init; }

    /// <summary>The same for a person: the rule and the remedy.</summary>
    public required string Message { get; init; }
}
