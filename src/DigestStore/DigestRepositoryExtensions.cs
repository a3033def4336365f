using DigestStore.Day;

namespace DigestStore;

/// <summary>Methods for every <see cref="IDigestRepository"/> that need only its own members.</summary>
public static class DigestRepositoryExtensions
{
    /// <summary>Reads a whole digest and sums it up: how many items by source and category, when stored, how large, how good.</summary>
    /// <param name="repository">The repository to read from.</param>
    /// <param name="date">The day to read.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>The statistics; all zero when nothing is stored for the date.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="repository"/> is <see langword="null"/>.</exception>
    /// <exception cref="DigestStoreException">The digest could not be read: an outage never looks like an empty day.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public static Task<DigestStatistics> GetStatisticsAsync(this IDigestRepository repository, DateOnly date, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return GetAsync(repository, date, cancellationToken);
    }

    private static async Task<DigestStatistics> GetAsync(IDigestRepository repository, DateOnly date, CancellationToken cancellationToken) =>
        DayStatistics.Of(await repository.GetAsync(date, cancellationToken).ConfigureAwait(false));
}
