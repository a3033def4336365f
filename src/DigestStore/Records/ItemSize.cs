using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Records;

// The size of a record by DynamoDB's rules. It is computed from the item itself, so that no attribute values are made for an item that is too
// large.
internal static class ItemSize
{
    // Times, dates and ids have a fixed length. Numbers count with their greatest length, so that the size is never too low.
    private const int InstantBytes = 28;
    private const int IntBytes = 7;
    private const int EpochBytes = 8;
    private const int VersionBytes = 2;
    private const int DateBytes = 10;
    private const int IdBytes = 32;

    private static readonly int FixedBytes =
        Name(N.Pk) + Name(N.Sk) + RecordKeys.ItemPrefix.Length + IdBytes +
        Name(N.Id) + IdBytes + Name(N.Date) + DateBytes +
        Name(N.Url) + Name(N.CanonicalUrl) + Name(N.Title) +
        Name(N.CreatedAt) + InstantBytes + Name(N.UpdatedAt) + InstantBytes +
        Name(N.Revision) + IntBytes + Name(N.Ordinal) + IntBytes +
        Name(N.ContentHash) + ContentHash.Length + Name(N.ExpiresAt) + EpochBytes +
        Name(N.Version) + VersionBytes + RecordKeys.Partition("", default).Length;

    public static int Of(CleanItem content, string digest)
    {
        long bytes = FixedBytes + digest.Length + UrlBytes(content) + AttributeSize.Text(content.Item.Title) +
            (content.Item.PublishedAt is null ? 0 : Name(N.PublishedAt) + InstantBytes) + TagBytes(content) + MetadataBytes(content);
        foreach (OptionalText text in OptionalText.All)
        {
            bytes += TextBytes(text, content);
        }

        return (int)Math.Min(bytes, int.MaxValue);
    }

    // The bytes of each field that the caller sets, for the message about an item that is too large. All other fields are small.
    public static (string Field, long Bytes)[] ByField(CleanItem content) =>
    [
        (nameof(DigestItem.Url), UrlBytes(content)),
        (nameof(DigestItem.Title), AttributeSize.Text(content.Item.Title)),
        .. OptionalText.All.Select(text => (text.Field.ToString(), TextBytes(text, content))),
        (nameof(DigestItem.Tags), TagBytes(content)),
        (nameof(DigestItem.Metadata), MetadataBytes(content)),
    ];

    // The URL is stored twice: as the caller gave it, and in its canonical form.
    private static long UrlBytes(CleanItem content) => AttributeSize.Text(content.Item.Url) + AttributeSize.Text(content.CanonicalUrl);

    private static long TagBytes(CleanItem content)
    {
        long bytes = content.Tags.Length == 0 ? 0 : Name(N.Tags) + AttributeSize.CollectionOverhead;
        foreach (string tag in content.Tags)
        {
            bytes += AttributeSize.ElementOverhead + AttributeSize.Text(tag);
        }

        return bytes;
    }

    private static long MetadataBytes(CleanItem content)
    {
        long bytes = content.Metadata.Length == 0 ? 0 : Name(N.Metadata) + AttributeSize.CollectionOverhead;
        foreach ((string name, string value) in content.Metadata)
        {
            bytes += AttributeSize.ElementOverhead + AttributeSize.Text(name) + AttributeSize.Text(value);
        }

        return bytes;
    }

    private static long TextBytes(OptionalText text, CleanItem content) =>
        text.Of(content.Item) is { } value ? Name(text.Attribute) + AttributeSize.Text(value) : 0;

    // Every attribute name is ASCII, so it has as many bytes as characters.
    private static int Name(string name) => name.Length;
}
