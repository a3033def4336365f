namespace EmailDigest;

/// <summary>Which repository the run uses, in words, and how to make its table.</summary>
/// <param name="Description">For the person at the console.</param>
/// <param name="EnsureTable">Makes the table when it is missing; none when that was not asked for.</param>
internal sealed record RepositoryChoice(string Description, Func<CancellationToken, Task>? EnsureTable = null)
{
    /// <summary>Who stores, as in the log.</summary>
    public required string Caller { get; init; }

    /// <summary>What goes wrong in the repository in memory.</summary>
    public Fault? Fault { get; init; }
}
