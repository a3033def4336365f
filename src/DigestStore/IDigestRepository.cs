namespace DigestStore;

/// <summary>Stores an email digest by date and reads it back.</summary>
/// <remarks>
/// <para>Storing never throws for anything that the database, the network or the input does: it returns a
/// <see cref="StoreResult"/> in which every item handed in has exactly one outcome. Reading, finding and deleting throw
/// <see cref="DigestStoreException"/> when they cannot answer, so that an outage never looks like an empty digest. After its disposal
/// a repository makes no request: <c>StoreAsync</c> reports its items as <see cref="StoreProblemReason.Disposed"/>, and every other method throws
/// <see cref="ObjectDisposedException"/>.</para>
/// <para>Implementations are safe for concurrent use. Adding a member to this interface is a breaking change.</para>
/// </remarks>
public interface IDigestRepository
{
    /// <summary>Validates, deduplicates and stores the items of one day's digest.</summary>
    /// <param name="date">The day of the digest; it selects the partition.</param>
    /// <param name="items">
    /// The items, in the order in which the digest is to be read back. The references are copied before the call returns its task, so the
    /// list may be changed afterwards. Up to 50,000 tags and entries of metadata are copied on the caller's thread, too. All other work is done on other
    /// threads and within the deadline. A collection that is neither an array nor a <see cref="List{T}"/> is enumerated on another thread, and
    /// the caller's thread waits for that, until the deadline at most.
    /// Invalid and <see langword="null"/> elements are rejected one by one; when several items have the same canonical URL, the last one is stored.
    /// </param>
    /// <param name="options">Settings of this call; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>One outcome per item, in input order, and what the call cost.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="items"/> is <see langword="null"/>.</exception>
    /// <exception cref="DigestStoreCanceledException"><paramref name="cancellationToken"/> fired; it carries the result so far.</exception>
    Task<StoreResult> StoreAsync(DateOnly date, IEnumerable<DigestItem> items, StoreCallOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Validates, deduplicates and stores a stream of items of any length.</summary>
    /// <remarks>
    /// The stream is read once, in parts of limited size. At most 40 bytes for each distinct id and 1 byte for each item stay in memory. The deadline
    /// bounds the time without progress and does not count the time spent waiting for the producer. If a later item has the same canonical URL as
    /// one that was already sent, the later item is sent as an update, and the earlier one becomes <see cref="DigestItemOutcome.Duplicate"/>.
    /// </remarks>
    /// <inheritdoc cref="StoreAsync(DateOnly, IEnumerable{DigestItem}, StoreCallOptions?, CancellationToken)"/>
    Task<StoreResult> StoreAsync(DateOnly date, IAsyncEnumerable<DigestItem> items, StoreCallOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Reads a whole digest in the order in which its items were first stored.</summary>
    /// <param name="date">The day to read.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>The digest; an empty one when nothing is stored for the date. Never a partial one.</returns>
    /// <exception cref="DigestStoreException">The digest could not be read; <see cref="DigestStoreException.Reason"/> says why.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<Digest> GetAsync(DateOnly date, CancellationToken cancellationToken = default);

    /// <summary>Reads a digest page by page, in the order of the item ids, holding one page in memory.</summary>
    /// <param name="date">The day to read.</param>
    /// <param name="cancellationToken">Ends the enumeration early.</param>
    /// <returns>The items; none when nothing is stored for the date.</returns>
    /// <exception cref="DigestStoreException">A page could not be read; thrown by the enumeration.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired; thrown by the enumeration.</exception>
    IAsyncEnumerable<StoredDigestItem> ReadAsync(DateOnly date, CancellationToken cancellationToken = default);

    /// <summary>Finds the item of a date that has the same canonical URL.</summary>
    /// <remarks>On a day that was stored under several sets of identity rules, several items may have it; this finds the oldest that has not expired, which is the one that a store call would update.</remarks>
    /// <param name="date">The day to look in.</param>
    /// <param name="url">An absolute http or https URL, in any spelling of the same canonical URL.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>The stored item, or <see langword="null"/> when the date has none with this URL.</returns>
    /// <exception cref="ArgumentException"><paramref name="url"/> is not an http(s) URL that could have been stored.</exception>
    /// <exception cref="DigestStoreException">The table could not be asked.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<StoredDigestItem?> FindAsync(DateOnly date, string url, CancellationToken cancellationToken = default);

    /// <summary>Finds an item of a date by its id.</summary>
    /// <param name="date">The day to look in.</param>
    /// <param name="id">The id, as in <see cref="StoredDigestItem.Id"/>.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>The stored item, or <see langword="null"/> when the date has none with this id.</returns>
    /// <exception cref="DigestStoreException">The table could not be asked.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<StoredDigestItem?> FindAsync(DateOnly date, DigestItemId id, CancellationToken cancellationToken = default);

    /// <summary>Deletes the item of a date that has the same canonical URL.</summary>
    /// <remarks>
    /// On a day that was stored under several sets of identity rules, several items may have it; all of them are deleted. When it throws, some
    /// of them may be gone; deleting again deletes the rest.
    /// </remarks>
    /// <param name="date">The day to delete from.</param>
    /// <param name="url">An absolute http or https URL, in any spelling of the same canonical URL.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns><see langword="true"/> when an item was there and none is there now; <see langword="false"/> when there was none.</returns>
    /// <exception cref="ArgumentException"><paramref name="url"/> is not an http(s) URL that could have been stored.</exception>
    /// <exception cref="DigestStoreException">It is not certain that every item with this URL is gone. If a newer version of the library wrote one of them, nothing was deleted.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<bool> DeleteAsync(DateOnly date, string url, CancellationToken cancellationToken = default);

    /// <summary>Deletes an item of a date by its id.</summary>
    /// <remarks>Deletes this one item only, also where others have the same canonical URL since the day was stored under several sets of identity rules.</remarks>
    /// <param name="date">The day to delete from.</param>
    /// <param name="id">The id, as in <see cref="StoredDigestItem.Id"/>.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns><see langword="true"/> when an item was there and is now gone; <see langword="false"/> when there was none.</returns>
    /// <exception cref="DigestStoreException">It is not certain that the item is gone.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<bool> DeleteAsync(DateOnly date, DigestItemId id, CancellationToken cancellationToken = default);
}
