using System.Diagnostics.CodeAnalysis;

namespace DigestStore.Records;

internal enum RecordState
{
    Readable,

    // An attribute that every item needs is absent or has another type.
    Damaged,

    // The record was written with a newer schema. It is neither read nor overwritten, because its attributes may mean something else.
    Newer,
}

internal sealed record ItemRecord
{
    public required DigestItemId Id { get; init; }

    public required RecordState State { get; init; }

    public StoredDigestItem? Stored { get; init; }

    public string? ContentHash { get; init; }

    public UnknownAttributes? Unknown { get; init; }

    [MemberNotNullWhen(true, nameof(Stored))]
    public bool IsReadable => State == RecordState.Readable;

    public bool IsExpired(DateTimeOffset now) => Stored?.ExpiresAt <= now;

    // The same record, with the texts of an item that has the same ones. Tags and metadata are those of the clean item or of the record, because the
    // collections in the item are the caller's.
    public ItemRecord SharingTextsOf(CleanItem content) => IsReadable && content.HasFieldsOf(Stored.Item)
        ? this with
        {
            Stored = Stored with
            {
                CanonicalUrl = string.Equals(Stored.CanonicalUrl, content.CanonicalUrl, StringComparison.Ordinal) ? content.CanonicalUrl : Stored.CanonicalUrl,
                Item = content.Item with { Tags = content.Tags, Metadata = Stored.Item.Metadata },
            },
        }
        : this;
}

// The record that describes a day as a whole. It is stored beside the item records.
internal sealed class HeaderRecord
{
    public string? LastRunId { get; init; }

    public string? IdRules { get; init; }

    public int NextOrdinal { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public bool IsNewer { get; init; }

    // The day was deleted. A store call begins it anew.
    public bool IsDeleted { get; init; }

    // Whether a store call has written the header. If only a delivery has, the header says nothing about identity rules, ordinals and expiry,
    // and a store call ignores it. A header of a newer schema counts as written by a store call, since its attributes cannot be interpreted.
    public bool IsWrittenByStore => IsNewer || IdRules is not null || LastRunId is not null;

    public bool IsExpired(DateTimeOffset now) => ExpiresAt <= now;
}
