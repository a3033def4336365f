namespace DigestStore.Records;

// The size of a record as JSON in a request. It may be too high but is never too low, since DynamoDB refuses a request above 16 MB.
internal static class WireSize
{
    // The SDK escapes every character outside of ASCII, and some ASCII characters, as \uXXXX. One byte of UTF-8 can thus become six bytes.
    private const int MaxGrowth = 6;

    // An unknown attribute may be a Boolean, which has one byte in a record but is {"BOOL":false} in the request, with at least one more byte
    // around it.
    private const int MaxUnknownGrowth = 2 * MaxGrowth;

    // {"PutRequest":{"Item":{...}}}, and the quotes and type names of about 24 attributes.
    private const int Overhead = 1024;

    // The JSON around an element of a list is {"S":""}, and around an entry of a map it is "":{"S":""}, with the comma.
    private const int ElementOverhead = 12;

    // 25 records of this size fit into a request even if every byte becomes six, so the characters of smaller records need not be counted.
    private const int SmallItem = ((Schema.MaxRequestBytes / Schema.MaxBatchWriteItems) - Overhead) / MaxGrowth;

    public static int Of(CleanItem content, int itemSize, UnknownAttributes? unknown)
    {
        int unknownBytes = MaxUnknownGrowth * (unknown?.Size ?? 0);
        if (itemSize <= SmallItem)
        {
            return (itemSize * MaxGrowth) + ((content.Tags.Length + content.Metadata.Length) * ElementOverhead) + Overhead + unknownBytes;
        }

        DigestItem item = content.Item;
        int bytes = Overhead + unknownBytes + Text(item.Url) + Text(content.CanonicalUrl) + Text(item.Title);
        foreach (OptionalText text in OptionalText.All)
        {
            bytes += Text(text.Of(item));
        }

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

    // A record of another table may have any attributes.
    public static int Of(StoredRecord record) => Overhead + (MaxUnknownGrowth * record.Size);

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
