namespace DigestStore;

/// <summary>What was stored and sent on earlier days: was this link sent before, which days are there, on which of them was this page.</summary>
/// <remarks>
/// <para>Whether a link was sent is known from <see cref="IDigestDelivery"/>, which remembers what it sends. Links of days
/// that were only stored count as not sent.</para>
/// <para>Reads throw <see cref="DigestStoreException"/> when the table cannot be asked, so that an outage never looks like an empty
/// answer. Only <see cref="ExceptRecentlySentAsync"/> does not: it stands before the email, which must go out.</para>
/// <para>A range of dates includes both ends and has at most 3,660 days. Adding a member to this interface is a breaking change.</para>
/// </remarks>
public interface IDigestHistory
{
    /// <summary>Finds which URLs were sent, or may have been sent, in the days before a date.</summary>
    /// <remarks>
    /// <para>One strongly consistent query, however many URLs there are; it takes one more for each megabyte, which is about 300 days of 200 links.
    /// A day whose ids were made under other <see cref="DigestStoreOptions.Identity"/> rules costs a query of its items.</para>
    /// <para>The date itself is left out, so that a second run of today does not hide what the first one sent.</para>
    /// <para>The settings' <see cref="DigestStoreOptions.ReadDeadline"/> bounds each page.</para>
    /// </remarks>
    /// <param name="date">The day for which links are chosen, usually today.</param>
    /// <param name="urls">The URLs in any spelling; those that no item can have are in <see cref="SentLookup.InvalidUrls"/>.</param>
    /// <param name="days">How many days before <paramref name="date"/> to look at: from 1 to the days of <see cref="DigestStoreOptions.MaxLookback"/>.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>The URLs that were sent, and the days of which not everything is known.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="urls"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="days"/> is not positive, or above <see cref="DigestStoreOptions.MaxLookback"/>.</exception>
    /// <exception cref="DigestStoreException">The table could not be asked.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<SentLookup> FindSentAsync(DateOnly date, IReadOnlyCollection<string> urls, int days, CancellationToken cancellationToken = default);

    /// <summary>Divides items into those that were not sent in the days before a date, and those that were.</summary>
    /// <remarks>
    /// For the path to the email, so it never throws for anything that the database does: when the table cannot be asked, or the store is
    /// switched off, all items are <see cref="RecentlySent.Fresh"/> and <see cref="RecentlySent.IsChecked"/> is <see langword="false"/>. It takes no
    /// longer than <see cref="DigestStoreOptions.Deadline"/>.
    /// </remarks>
    /// <param name="items">
    /// The items. Those without a URL that can be stored stay fresh, so that the store reports them; several with the same URL stay as they are.
    /// Not more than <see cref="DigestStoreOptions.MaxItems"/>.
    /// </param>
    /// <param name="date">The day for which links are chosen, usually today. It is not looked at itself.</param>
    /// <param name="days">How many days before <paramref name="date"/> to look at: from 1 to the days of <see cref="DigestStoreOptions.MaxLookback"/>.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>The items in their order, in two lists.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="items"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="items"/> has more than <see cref="DigestStoreOptions.MaxItems"/> items.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="days"/> is not positive, or above <see cref="DigestStoreOptions.MaxLookback"/>.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<RecentlySent> ExceptRecentlySentAsync(IEnumerable<DigestItem> items, DateOnly date, int days, CancellationToken cancellationToken = default);

    /// <summary>Lists the days of a range that have a header, newest first: when they were stored, and what became of their email.</summary>
    /// <remarks>One strongly consistent look-up for every 100 dates, without an index. A day that has lost its header is missing here; <see cref="ReadDaysAsync"/> finds it.</remarks>
    /// <param name="from">The first date.</param>
    /// <param name="to">The last date.</param>
    /// <param name="cancellationToken">Ends the enumeration early.</param>
    /// <returns>The days; expired ones are left out.</returns>
    /// <exception cref="ArgumentException"><paramref name="from"/> is after <paramref name="to"/>, or the range has more than 3,660 days.</exception>
    /// <exception cref="DigestStoreException">The table could not be asked.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    IAsyncEnumerable<DigestDay> ListDaysAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken = default);

    /// <summary>Lists all days with a delivery status, newest first.</summary>
    /// <remarks>
    /// Reads the index <c>by-status</c>, which DynamoDB brings up to date within about a second: a day whose status has just changed may be
    /// missing, or be listed under its old status.
    /// </remarks>
    /// <param name="status">The status.</param>
    /// <param name="cancellationToken">Ends the enumeration early.</param>
    /// <returns>The days; expired ones are left out.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="status"/> is no status.</exception>
    /// <exception cref="DigestStoreException">The table could not be asked.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    IAsyncEnumerable<DigestDay> ListDaysAsync(DeliveryStatus status, CancellationToken cancellationToken = default);

    /// <summary>Reads the digests of a range in the order of their dates.</summary>
    /// <remarks>One request for each date and megabyte, at most four at once. Up to four pages are read ahead, so memory is that of the longest day and four megabytes.</remarks>
    /// <param name="from">The first date.</param>
    /// <param name="to">The last date.</param>
    /// <param name="cancellationToken">Ends the enumeration early.</param>
    /// <returns>A digest for each date that has items or unreadable records, also where the day's header is lost.</returns>
    /// <exception cref="ArgumentException"><paramref name="from"/> is after <paramref name="to"/>, or the range has more than 3,660 days.</exception>
    /// <exception cref="DigestStoreException">The table could not be asked.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    IAsyncEnumerable<Digest> ReadDaysAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken = default);

    /// <summary>Finds a page on every day of a range that has it, newest first.</summary>
    /// <remarks>One look-up for every 50 dates, and a query of each day whose ids were made under other <see cref="DigestStoreOptions.Identity"/> rules.</remarks>
    /// <param name="url">An absolute http or https URL, in any spelling of the same canonical URL.</param>
    /// <param name="from">The first date.</param>
    /// <param name="to">The last date.</param>
    /// <param name="cancellationToken">Ends the enumeration early.</param>
    /// <returns>For each day the item that <see cref="IDigestRepository.FindAsync(DateOnly, string, CancellationToken)"/> returns.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="url"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="url"/> is not an http(s) URL that could have been stored, <paramref name="from"/> is after <paramref name="to"/>, or the range has more than 3,660 days.</exception>
    /// <exception cref="DigestStoreException">The table could not be asked.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    IAsyncEnumerable<StoredDigestItem> FindAllAsync(string url, DateOnly from, DateOnly to, CancellationToken cancellationToken = default);

    /// <summary>Sums up the digests of a range: how many days and items, by source and category, when stored, how large, how good.</summary>
    /// <remarks>It reads every item of the range, as <see cref="ReadDaysAsync"/> does.</remarks>
    /// <param name="from">The first date.</param>
    /// <param name="to">The last date.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>The statistics; all zero when nothing is stored in the range.</returns>
    /// <exception cref="ArgumentException"><paramref name="from"/> is after <paramref name="to"/>, or the range has more than 3,660 days.</exception>
    /// <exception cref="DigestStoreException">The table could not be asked.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<PeriodStatistics> GetStatisticsAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken = default);

    /// <summary>Deletes all items of a day.</summary>
    /// <remarks>
    /// <para>The day is <see cref="DeliveryStatus.Deleting"/> meanwhile and <see cref="DeliveryStatus.Deleted"/> afterwards, so that nobody sends it. The
    /// next store of the day begins it anew. What was sent on it is not forgotten: its links are still found by <see cref="FindSentAsync"/>.</para>
    /// <para>When it throws, some items may be gone. Delete again: that deletes what is left. After a crash the day stays refused for two and a half
    /// minutes at most. Records of other programs in the day are left alone.</para>
    /// </remarks>
    /// <param name="date">The day.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>What was done; while somebody sends or deletes the day, nothing was.</returns>
    /// <exception cref="DigestStoreException">It is not certain that everything is deleted, or a record is of a newer version of the library: then nothing was deleted.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<DeleteDayResult> DeleteDayAsync(DateOnly date, CancellationToken cancellationToken = default);
}
