namespace DigestStore;

/// <summary>How complete the input of a store was.</summary>
/// <remarks>Counted over every item handed in that is not <see langword="null"/>, duplicates and rejected ones included.</remarks>
public sealed record DigestQuality
{
    /// <summary>A quality of no items.</summary>
    public static DigestQuality None { get; } = new();

    /// <summary>How many items were looked at.</summary>
    public int Items { get; init; }

    /// <summary>How many have a summary.</summary>
    public int WithSummary { get; init; }

    /// <summary>How many have an author.</summary>
    public int WithAuthor { get; init; }

    /// <summary>How many have a source.</summary>
    public int WithSource { get; init; }

    /// <summary>How many have a date of publication.</summary>
    public int WithPublishedAt { get; init; }

    /// <summary>How many items were rejected, by reason; reasons that did not occur are absent.</summary>
    public IReadOnlyDictionary<StoreProblemReason, int> Defects { get; init; } =
        System.Collections.ObjectModel.ReadOnlyDictionary<StoreProblemReason, int>.Empty;

    /// <summary>The share of summary, author, source and date of publication that the items have.</summary>
    /// <value>From 0 to 1; 1 for no items.</value>
    public double Completeness =>
        Items == 0 ? 1 : (WithSummary + WithAuthor + WithSource + WithPublishedAt) / (4.0 * Items);
}
