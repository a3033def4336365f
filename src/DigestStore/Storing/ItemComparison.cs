using System.Diagnostics.CodeAnalysis;
using DigestStore.Configuration;
using DigestStore.Records;

namespace DigestStore.Storing;

// Step 4 for one item: what has to be written, given what is there. Null: nothing.
internal static class ItemComparison
{
    public static ItemWrite? Decide(PendingItem item, ItemRecord? there, DigestItemId newId, int nextOrdinal, DateTimeOffset now, StoreSettings settings, out DigestItemOutcome outcome)
    {
        if (IsNew(there, now))
        {
            outcome = DigestItemOutcome.Inserted;
            return Insert(item, there, newId, nextOrdinal, now, settings);
        }

        StoredDigestItem stored = there.Stored!;
        DateTimeOffset? expiresAt = Later(stored.ExpiresAt, settings.ExpiryOf(stored.CreatedAt));
        if (IsSameContent(item, there, settings))
        {
            outcome = DigestItemOutcome.Unchanged;
            return SameSecond(expiresAt, stored.ExpiresAt) ? null : Rewrite(item, there, stored.UpdatedAt, stored.Revision, expiresAt);
        }

        // A letter replaces only what its own store knew: another record may be newer, and clocks cannot tell.
        if (item.Letter is { } letter && !letter.MayReplace.Has(there, letter.Letter, now))
        {
            outcome = DigestItemOutcome.Rejected;
            return null;
        }

        outcome = DigestItemOutcome.Updated;
        int revision = stored.Revision == int.MaxValue ? int.MaxValue : stored.Revision + 1;
        return Rewrite(item, there, ContentTime(item, now), revision, expiresAt);
    }

    // A letter's content is as old as its own store, whenever it is replayed. A time that is still to come is a wrong clock's.
    private static DateTimeOffset ContentTime(PendingItem item, DateTimeOffset now) =>
        item.Letter is { } letter && letter.Letter.StoreStartedAt < now ? letter.Letter.StoreStartedAt : now;

    // What a letter may say of the record. A newer schema's is not read, so nothing is known of it.
    public static KnownRecord KnownOf(ItemRecord? there, DateTimeOffset now)
    {
        if (there is { State: RecordState.Newer })
        {
            return KnownRecord.Unknown;
        }

        return IsNew(there, now)
            ? KnownRecord.Absent
            : new KnownRecord { State = KnownRecordState.Present, ContentHash = there.ContentHash, Revision = there.Stored!.Revision };
    }

    // Expired and damaged records count as absent.
    public static bool IsNew([NotNullWhen(false)] ItemRecord? there, DateTimeOffset now) => there is not { IsReadable: true } || there.IsExpired(now);

    private static ItemWrite Insert(PendingItem item, ItemRecord? there, DigestItemId newId, int nextOrdinal, DateTimeOffset now, StoreSettings settings) => new()
    {
        Id = newId,
        Content = item.Content,
        CreatedAt = ContentTime(item, now),
        UpdatedAt = ContentTime(item, now),
        Revision = 1,
        Ordinal = item.Letter?.Letter.Ordinal ?? (int)Math.Min((long)nextOrdinal + item.FirstIndex, int.MaxValue),
        ExpiresAt = settings.ExpiryOf(now),

        // A damaged record is mended, and keeps what others have put into it.
        Unknown = there is { State: RecordState.Damaged } ? there.Unknown : null,
    };

    private static ItemWrite Rewrite(PendingItem item, ItemRecord there, DateTimeOffset updatedAt, int revision, DateTimeOffset? expiresAt) => new()
    {
        Id = there.Id,
        Content = item.Content,
        CreatedAt = there.Stored!.CreatedAt,
        UpdatedAt = updatedAt,
        Revision = revision,
        Ordinal = there.Stored.Ordinal,
        ExpiresAt = expiresAt,
        Unknown = there.Unknown,
    };

    // A hash of another version, or of other tracking parameters, says nothing: what is stored is then hashed anew, so that an upgrade
    // or a changed rule rewrites no record.
    private static bool IsSameContent(PendingItem item, ItemRecord there, StoreSettings settings) =>
        string.Equals(there.ContentHash, item.Content.ContentHash, StringComparison.Ordinal) ||
        (there.ContentHash is not null &&
        ItemValidator.TryValidate(there.Stored!.Item, settings.Identity, settings.Options.DigestName, out CleanItem? stored, out _, out _) &&
        string.Equals(stored.ContentHash, item.Content.ContentHash, StringComparison.Ordinal));

    // Null is never, the latest of all.
    private static DateTimeOffset? Later(DateTimeOffset? left, DateTimeOffset? right) =>
        left is null || right is null ? null : left > right ? left : right;

    private static bool SameSecond(DateTimeOffset? left, DateTimeOffset? right) =>
        left is null || right is null ? left == right : Instants.ToEpochSeconds(left.Value) == Instants.ToEpochSeconds(right.Value);
}
