using System.Runtime.CompilerServices;
using DigestStore.Configuration;
using DigestStore.Faults;
using DigestStore.History;
using DigestStore.Records;
using DigestStore.Table;
using DigestStore.Telemetry;

namespace DigestStore;

// The history: each member checks its arguments at once and hands the work to one type of the folder History.
public abstract partial class DigestRepositoryBase : IDigestHistory
{
    /// <inheritdoc/>
    public Task<SentLookup> FindSentAsync(DateOnly date, IReadOnlyCollection<string> urls, int days, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(urls);
        Period.CheckDays(days, CurrentSettings);
        return FindSentAsync(date, urls, days, total: null, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<RecentlySent> ExceptRecentlySentAsync(IEnumerable<DigestItem> items, DateOnly date, int days, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        StoreSettings settings = CurrentSettings;
        Period.CheckDays(days, settings);
        return RecentItems.DivideAsync(RecentItems.Copy(items, settings.Options.MaxItems), urls => FindSentAsync(date, urls, days, settings.Options.Deadline, cancellationToken));
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<DigestDay> ListDaysAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken = default)
    {
        Period.Check(from, to);
        return EnumerateAsync(ReadCallTelemetry.ListDays, from, to, (sources, token) => new DayLister(sources).ListAsync(from, to, token), cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<DigestDay> ListDaysAsync(DeliveryStatus status, CancellationToken cancellationToken = default)
    {
        if (!Enum.IsDefined(status))
        {
            throw new ArgumentOutOfRangeException(nameof(status), status, $"{status} is no delivery status. Take one of {string.Join(", ", Enum.GetNames<DeliveryStatus>())}.");
        }

        return EnumerateAsync(ReadCallTelemetry.ListDays, DateOnly.MinValue, DateOnly.MaxValue, (sources, token) => new DayLister(sources).ListAsync(status, token), cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Digest> ReadDaysAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken = default)
    {
        Period.Check(from, to);
        return EnumerateAsync(ReadCallTelemetry.ReadDays, from, to, (sources, token) => new PeriodReader(sources).ReadAsync(from, to, token), cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredDigestItem> FindAllAsync(string url, DateOnly from, DateOnly to, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(url);
        Period.Check(from, to);
        return EnumerateAsync(
            ReadCallTelemetry.FindAll, from, to, (sources, token) => new PageHistory(sources).FindAsync(DigestItemId.Create(url, sources.Settings.Identity), from, to, token), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<PeriodStatistics> GetStatisticsAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken = default)
    {
        Period.Check(from, to);
        HistorySources sources = OpenHistory(ReadCallTelemetry.Statistics, from, to, cancellationToken);
        return await new PeriodReader(sources).GetStatisticsAsync(from, to, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<DeleteDayResult> DeleteDayAsync(DateOnly date, CancellationToken cancellationToken = default)
    {
        HistorySources sources = OpenHistory(ReadCallTelemetry.DeleteDay, date, date, cancellationToken);
        return await new DayDeleter(sources).DeleteAsync(date, cancellationToken).ConfigureAwait(false);
    }

    private StoreSettings CurrentSettings => _settings.Current(out _) ?? _fallback;

    private async Task<SentLookup> FindSentAsync(DateOnly date, IReadOnlyCollection<string> urls, int days, TimeSpan? total, CancellationToken cancellationToken)
    {
        HistorySources sources = OpenHistory(ReadCallTelemetry.FindSent, date, date, cancellationToken);
        return await new SentFinder(sources).FindAsync(date, urls, days, total, cancellationToken).ConfigureAwait(false);
    }

    // The table is opened when the enumeration begins, as the other reads do it.
    private async IAsyncEnumerable<T> EnumerateAsync<T>(
        string operation, DateOnly from, DateOnly to, Func<HistorySources, CancellationToken, IAsyncEnumerable<T>> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HistorySources sources = OpenHistory(operation, from, to, cancellationToken);
        await foreach (T element in read(sources, cancellationToken).ConfigureAwait(false))
        {
            yield return element;
        }
    }

    private HistorySources OpenHistory(string operation, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        (StoreSettings settings, OpenedTable table) = OpenToRead(operation, from, to, cancellationToken);
        return new HistorySources(settings, table, _breaker, _time, _telemetry, _disposal);
    }
}
