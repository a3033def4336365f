namespace DigestStore.Records;

// The size of a record as JSON in a request, never too low.
internal static class WireSize
{
    // The SDK writes every character outside ASCII, and some within, as \uXXXX: one byte of UTF-8 can become six.
    private const int MaxGrowth = 6;

    // Attributes of others may be flags: one byte in a record, {"BOOL":false} on the wire, with at least one more byte around it.
    private const int MaxUnknownGrowth = 2 * MaxGrowth;

    // {"PutRequest":{"Item":{...}}} with the names' quotes and type tags of some two dozen attributes.
    private const int Overhead = 1024;

    // {"S":""}, around an element of a list, or "":{"S":""}, around one of a map.
    private const int ElementOverhead = 12;

    // Up to here 25 records without many elements fit into a request even if every byte grows, so there is no need to look at the texts.
    private const int SmallItem = ((Schema.MaxRequestBytes / Schema.MaxBatchWriteItems) - Overhead) / MaxGrowth;

    public static int Of(CleanItem content, int itemSize, UnknownAttributes? unknown)
    {
        int unknownBytes = MaxUnknownGrowth * (unknown?.Size ?? 0);
        if (itemSize <= SmallItem)
        {
            return (itemSize * MaxGrowth) + ((content.Tags.Length + content.Metadata.Length) * ElementOverhead) + Overhead + unknownBytes;
        }

        DigestItem item = content.Item;
        int bytes = Overhead + unknownBytes + Text(item.Url) + Text(content.CanonicalUrl) + Text(item.Title) +
            Text(content.Summary) + Text(content.Source) + Text(content.Category) + Text(content.Author);
        foreach (string tag in content.Tags)
        {
            bytes += ElementOverhead + Text(tag);
        }

        foreach ((string name, string value) in content.Metadata)
        {
            bytes += ElementOverhead + Text(name) + Text(value);
        }

        return bytes;
    }

    private static int Text(string? text)
    {
        int bytes = 0;
        foreach (char character in text.AsSpan())
        {
            bytes += char.IsAsciiLetterOrDigit(character) || character is ' ' or '/' or '.' or ',' or '-' or ':' ? 1 : MaxGrowth;
        }

        return bytes;
    }
}
