namespace DigestStore;

/// <summary>A valid item that could not be stored, kept to be stored later.</summary>
public sealed record DeadLetter
{
    /// <summary>The item.</summary>
    public required DigestItem Item { get; init; }

    /// <summary>The table that it was meant for.</summary>
    public required string Table { get; init; }

    /// <summary>The digest that it was meant for.</summary>
    public required string Digest { get; init; }

    /// <summary>The day that it was meant for.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>Its place in the digest, for the case that it is new to the table.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The fingerprint of the identity rules that were in force.</summary>
    public required string IdRules { get; init; }

    /// <summary>When its store began: what the table has from a later time is newer than the letter.</summary>
    public required DateTimeOffset StoreStartedAt { get; init; }

    /// <summary>Why it was not stored.</summary>
    public required StoreProblemReason Reason { get; init; }

    /// <summary>The correlation id of its store.</summary>
    public string CorrelationId { get; init; } = "";

    /// <summary>How many replays have failed to store it.</summary>
    /// <value>Default 0.</value>
    public int Attempts { get; init; }
}
