namespace DigestStore;

/// <summary>What a <see cref="StoreResult"/> says beside its outcomes; for fakes of <see cref="IDigestRepository"/>.</summary>
public sealed record StoreResultDetails
{
    /// <inheritdoc cref="StoreResult.Problems"/>
    public IReadOnlyList<StoreProblem> Problems { get; init; } = [];

    /// <inheritdoc cref="StoreResult.InputError"/>
    public Exception? InputError { get; init; }

    /// <summary>Whether the store was switched off, which an empty list of outcomes cannot show.</summary>
    public bool Disabled { get; init; }

    /// <inheritdoc cref="StoreResult.Cost"/>
    /// <value>Default: nothing. <see cref="StoreCost.Items"/> has no meaning here: the result sets it to the number of outcomes.</value>
    public StoreCost Cost { get; init; }

    /// <inheritdoc cref="StoreResult.DeadLettered"/>
    public int DeadLettered { get; init; }

    /// <inheritdoc cref="StoreResult.Duration"/>
    public TimeSpan Duration { get; init; }

    /// <inheritdoc cref="StoreResult.CorrelationId"/>
    public string CorrelationId { get; init; } = "";

    /// <inheritdoc cref="StoreResult.Quality"/>
    public DigestQuality Quality { get; init; } = DigestQuality.None;
}
