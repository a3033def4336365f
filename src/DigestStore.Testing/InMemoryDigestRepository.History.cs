namespace DigestStore.Testing;

public sealed partial class InMemoryDigestRepository : IDigestHistory
{
    /// <inheritdoc/>
    public Task<SentLookup> FindSentAsync(DateOnly date, IReadOnlyCollection<string> urls, int days, CancellationToken cancellationToken = default) =>
        _repository.FindSentAsync(date, urls, days, cancellationToken);

    /// <inheritdoc/>
    public Task<RecentlySent> ExceptRecentlySentAsync(IEnumerable<DigestItem> items, DateOnly date, int days, CancellationToken cancellationToken = default) =>
        _repository.ExceptRecentlySentAsync(items, date, days, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<DigestDay> ListDaysAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken = default) =>
        _repository.ListDaysAsync(from, to, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<DigestDay> ListDaysAsync(DeliveryStatus status, CancellationToken cancellationToken = default) =>
        _repository.ListDaysAsync(status, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<Digest> ReadDaysAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken = default) =>
        _repository.ReadDaysAsync(from, to, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredDigestItem> FindAllAsync(string url, DateOnly from, DateOnly to, CancellationToken cancellationToken = default) =>
        _repository.FindAllAsync(url, from, to, cancellationToken);

    /// <inheritdoc/>
    public Task<PeriodStatistics> GetStatisticsAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken = default) =>
        _repository.GetStatisticsAsync(from, to, cancellationToken);

    /// <inheritdoc/>
    public Task<DeleteDayResult> DeleteDayAsync(DateOnly date, CancellationToken cancellationToken = default) =>
        _repository.DeleteDayAsync(date, cancellationToken);
}
