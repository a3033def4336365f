using DigestStore.Copying;
using DigestStore.History;
using DigestStore.Records;

namespace DigestStore;

/// <summary>Copies days from one store to another, whatever keeps their records.</summary>
/// <remarks>
/// <para>
/// Records arrive as they are: items with their revisions, ordinals, times and expiry, headers, what was sent on each day, what became of the
/// email, and attributes that this version does not know. A day that is being sent arrives as <see cref="DeliveryStatus.Failed"/>, and nobody
/// knows whether its email went out. Records that have expired are left out.
/// </para>
/// <para>
/// What the target has is kept where it knows more: a day that was delivered, or is being sent or deleted, keeps what it says about its email,
/// and a newer item keeps its content. Nothing is deleted at the target.
/// </para>
/// <para>
/// A copy can be repeated at any time. It skips days that are equal and goes on with what is missing. Run it while no other program writes the
/// same days at the target: headers are protected against that, and items are not.
/// </para>
/// </remarks>
public static class DigestCopy
{
    /// <summary>Copies the days of a range, oldest first, and reads each one back.</summary>
    /// <param name="from">The store to read. It is not changed.</param>
    /// <param name="to">The store to write. Its table must exist, and its digest name must be that of the other one.</param>
    /// <param name="firstDay">The first day of the range.</param>
    /// <param name="lastDay">The last day, inclusive; at most 3,660 days in all.</param>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the copy. The result then says how many dates are left.</param>
    /// <returns>What became of each day. A fault of a table is in the result of its day, and is never thrown.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="from"/> or <paramref name="to"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">
    /// A store is no repository of this library, both have the same table, their digest names differ, or the range ends before it begins or is
    /// too long.
    /// </exception>
    /// <exception cref="DigestStoreException">A store is switched off, or its options are invalid.</exception>
    /// <exception cref="ObjectDisposedException">A store is disposed.</exception>
    public static async Task<DigestCopyResult> RunAsync(
        IDigestRepository from, IDigestRepository to, DateOnly firstDay, DateOnly lastDay, DigestCopyOptions? options = null, CancellationToken cancellationToken = default)
    {
        DigestRepositoryBase source = Checked(from, nameof(from));
        DigestRepositoryBase target = Checked(to, nameof(to));
        Period.Check(firstDay, lastDay);
        (HistorySources sourceTable, object sourcePlace) = source.OpenToCopy();
        (HistorySources targetTable, object targetPlace) = target.OpenToCopy();
        CheckPair(sourceTable.Settings.Options, targetTable.Settings.Options, ReferenceEquals(source, target) || sourcePlace.Equals(targetPlace));
        return await new CopyRun(sourceTable, targetTable, firstDay, lastDay, options ?? new DigestCopyOptions()).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    private static DigestRepositoryBase Checked(IDigestRepository store, string parameter)
    {
        ArgumentNullException.ThrowIfNull(store, parameter);
        return store as DigestRepositoryBase ?? throw new ArgumentException(
            $"A {store.GetType().Name} is no repository of DigestStore, so its records cannot be reached. Hand in the {nameof(DigestRepository)}, or one of the library's other packages, that is behind it.", parameter);
    }

    private static void CheckPair(DigestStoreOptions from, DigestStoreOptions to, bool isSamePlace)
    {
        if (!string.Equals(from.DigestName, to.DigestName, StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"The source has the digest name '{from.DigestName}' and the target '{to.DigestName}', but records are copied as they are, and their keys contain it. Give both stores the same {nameof(DigestStoreOptions.DigestName)}.", nameof(to));
        }

        if (isSamePlace && RecordKeys.IsSameTable(from.TableName, to.TableName))
        {
            throw new ArgumentException($"The source and the target are the same table, '{to.TableName}'. Give the target another place or another {nameof(DigestStoreOptions.TableName)}.", nameof(to));
        }
    }
}
