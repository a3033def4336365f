namespace DigestStore;

/// <summary>How far a store call has come.</summary>
public readonly record struct StoreProgress
{
    /// <summary>How many items were taken from the input so far.</summary>
    public required int Received { get; init; }

    /// <summary>How many of them have an outcome.</summary>
    public required int Settled { get; init; }

    /// <summary>How many of the settled ones failed.</summary>
    public required int Failed { get; init; }

    /// <summary>How many requests were sent.</summary>
    public required int Requests { get; init; }

    /// <summary>How many items the input has.</summary>
    /// <value><see langword="null"/> while the input has not ended: a stream's length is known only then.</value>
    public int? Total { get; init; }
}
