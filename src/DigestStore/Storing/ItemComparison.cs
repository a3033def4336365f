using System.Diagnostics.CodeAnalysis;
using DigestStore.Configuration;
using DigestStore.Records;

namespace DigestStore.Storing;

// Step 4 of StoreOperation for one item: what has to be written, given the existing record. Write is null if nothing has to be written.
internal static class ItemComparison
{
    public static (ItemWrite? Write, DigestItemOutcome OutcomeWhenStored) Decide(
        PendingItem item, ItemRecord? existing, DigestItemId newId, int nextOrdinal, DateTimeOffset now, StoreSettings settings)
    {
        if (CountsAsAbsent(existing, now))
        {
            return (Insert(item, existing, newId, nextOrdinal, now, settings), DigestItemOutcome.Inserted);
        }

        StoredDigestItem stored = existing.Stored!;
        DateTimeOffset? expiresAt = Later(stored.ExpiresAt, settings.ExpiryOf(stored.CreatedAt));
        if (IsSameContent(item, existing, settings))
        {
            // A record that would expire too early is written again with its content as it is.
            ItemWrite? prolonged = SameSecond(expiresAt, stored.ExpiresAt) ? null : Rewrite(item, existing, stored.UpdatedAt, stored.Revision, expiresAt);
            return (prolonged, DigestItemOutcome.Unchanged);
        }

        // A letter replaces only the record that its own store call knew. Any other record may be newer than the letter, and clocks cannot
        // tell.
        if (item.Letter is { } letter && !letter.MayReplace.Has(existing, letter.Letter, now))
        {
            return (null, DigestItemOutcome.Rejected);
        }

        int revision = stored.Revision == int.MaxValue ? int.MaxValue : stored.Revision + 1;
        return (Rewrite(item, existing, ContentTime(item, now), revision, expiresAt), DigestItemOutcome.Updated);
    }

    // The content of a letter is as old as the store call in which it failed. A time in the future comes from a wrong clock, so it is not
    // used.
    private static DateTimeOffset ContentTime(PendingItem item, DateTimeOffset now) =>
        item.Letter is { } letter && letter.Letter.StoreStartedAt < now ? letter.Letter.StoreStartedAt : now;

    // What a letter says about the existing record. A record of a newer schema is not read, so nothing is known about it.
    public static KnownRecord KnownOf(ItemRecord? existing, DateTimeOffset now)
    {
        if (existing is { State: RecordState.Newer })
        {
            return KnownRecord.Unknown;
        }

        return CountsAsAbsent(existing, now)
            ? KnownRecord.Absent
            : new KnownRecord { State = KnownRecordState.Present, ContentHash = existing.ContentHash, Revision = existing.Stored!.Revision };
    }

    // Expired and damaged records count as absent.
    public static bool CountsAsAbsent([NotNullWhen(false)] ItemRecord? existing, DateTimeOffset now) => existing is not { IsReadable: true } || existing.IsExpired(now);

    private static ItemWrite Insert(PendingItem item, ItemRecord? existing, DigestItemId newId, int nextOrdinal, DateTimeOffset now, StoreSettings settings) => new()
    {
        Id = newId,
        Content = item.Content,
        CreatedAt = ContentTime(item, now),
        UpdatedAt = ContentTime(item, now),
        Revision = 1,
        Ordinal = item.Letter?.Letter.Ordinal ?? (int)Math.Min((long)nextOrdinal + item.FirstIndex, int.MaxValue),
        ExpiresAt = settings.ExpiryOf(now),

        // A damaged record is repaired, and keeps the attributes that others have put into it.
        Unknown = existing is { State: RecordState.Damaged } ? existing.Unknown : null,
    };

    private static ItemWrite Rewrite(PendingItem item, ItemRecord existing, DateTimeOffset updatedAt, int revision, DateTimeOffset? expiresAt) => new()
    {
        Id = existing.Id,
        Content = item.Content,
        CreatedAt = existing.Stored!.CreatedAt,
        UpdatedAt = updatedAt,
        Revision = revision,
        Ordinal = existing.Stored.Ordinal,
        ExpiresAt = expiresAt,
        Unknown = existing.Unknown,
    };

    // Most items are as they were, and comparing all fields costs less than hashing them. Only if a field differs, the hashes decide: the link
    // may differ in tracking parameters. A hash of another version, or of other tracking parameters, cannot be compared. The stored item is then
    // hashed anew, so that an upgrade or a changed rule does not rewrite every record.
    private static bool IsSameContent(PendingItem item, ItemRecord existing, StoreSettings settings) =>
        existing.ContentHash is not null &&
        (item.Content.HasFieldsOf(existing.Stored!.Item) ||
        string.Equals(existing.ContentHash, item.Content.ContentHash, StringComparison.Ordinal) ||
        (ItemValidator.TryValidate(existing.Stored.Item, settings.Identity, settings.Options.DigestName, out CleanItem? stored, out _, out _) &&
        string.Equals(stored.ContentHash, item.Content.ContentHash, StringComparison.Ordinal)));

    // Null means that the record never expires, which is later than any date.
    private static DateTimeOffset? Later(DateTimeOffset? left, DateTimeOffset? right) =>
        left is null || right is null ? null : left > right ? left : right;

    private static bool SameSecond(DateTimeOffset? left, DateTimeOffset? right) =>
        left is null || right is null ? left == right : Instants.ToEpochSeconds(left.Value) == Instants.ToEpochSeconds(right.Value);
}
