using System.Text.Json;

namespace DigestStore.Json;

// The JSON form of a digest. Digest is a list, which the serializer would write as an array; that would lose the date and the count of
// unreadable records.
internal sealed record DigestDocument
{
    public required DateOnly Date { get; init; }

    public int Unreadable { get; init; }

    public required IReadOnlyList<StoredDigestItem> Items { get; init; }

    public static DigestDocument Of(Digest digest) => new() { Date = digest.Date, Unreadable = digest.Unreadable, Items = digest };

    public Digest ToDigest()
    {
        if (Items is null || Items.Any(static stored => stored?.Item is null))
        {
            throw new JsonException("The items of a digest are an array of objects with the content in 'item'; one of these is null.");
        }

        return Unreadable >= 0
            ? new Digest(Date, Items, Unreadable)
            : throw new JsonException($"A digest's count of unreadable records is {Unreadable}; it must be 0 or more.");
    }
}
