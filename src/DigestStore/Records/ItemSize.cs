using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Records;

// The size of a record by DynamoDB's rules, before any attribute value is made.
internal static class ItemSize
{
    // The texts of times and hash have a fixed length; numbers are counted at their longest.
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
            Optional(N.Summary, content.Summary) + Optional(N.Source, content.Source) +
            Optional(N.Category, content.Category) + Optional(N.Author, content.Author) +
            (content.Item.PublishedAt is null ? 0 : Name(N.PublishedAt) + InstantBytes) +
            TagBytes(content) + MetadataBytes(content);
        return (int)Math.Min(bytes, int.MaxValue);
    }

    // What each field that a caller gives adds to the size; of the others all are small.
    public static (string Field, long Bytes)[] ByField(CleanItem content) =>
    [
        (nameof(DigestItem.Url), UrlBytes(content)),
        (nameof(DigestItem.Title), AttributeSize.Text(content.Item.Title)),
        (nameof(DigestItem.Summary), Optional(N.Summary, content.Summary)),
        (nameof(DigestItem.Source), Optional(N.Source, content.Source)),
        (nameof(DigestItem.Category), Optional(N.Category, content.Category)),
        (nameof(DigestItem.Author), Optional(N.Author, content.Author)),
        (nameof(DigestItem.Tags), TagBytes(content)),
        (nameof(DigestItem.Metadata), MetadataBytes(content)),
    ];

    // The URL is stored twice, as given and in canonical form.
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

    private static long Optional(string name, string? value) => value is null ? 0 : Name(name) + AttributeSize.Text(value);

    // All of them are ASCII.
    private static int Name(string name) => name.Length;
}
