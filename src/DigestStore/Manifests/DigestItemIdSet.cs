using System.Collections;

namespace DigestStore.Manifests;

// Ids in the form in which a manifest stores them: 16 bytes each, in ascending order, none twice.
internal sealed class DigestItemIdSet : IReadOnlyCollection<DigestItemId>
{
    private readonly ReadOnlyMemory<byte> _bytes;

    private DigestItemIdSet(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    public static DigestItemIdSet Empty { get; } = new(default);

    public int Count => _bytes.Length / DigestItemId.Bytes;

    public static DigestItemIdSet Of(IEnumerable<DigestItemId> ids)
    {
        DigestItemId[] sorted = [.. ids.Distinct()];
        Array.Sort(sorted);
        var bytes = new byte[sorted.Length * DigestItemId.Bytes];
        for (int index = 0; index < sorted.Length; index++)
        {
            sorted[index].CopyTo(bytes.AsSpan(index * DigestItemId.Bytes));
        }

        return new DigestItemIdSet(bytes);
    }

    // The bytes come from the table, where other programs may have changed them. An incomplete id at their end is left out.
    public static DigestItemIdSet FromBytes(ReadOnlyMemory<byte> bytes)
    {
        var given = new DigestItemIdSet(bytes[..(bytes.Length - (bytes.Length % DigestItemId.Bytes))]);
        for (int index = 1; index < given.Count; index++)
        {
            if (given.At(index) <= given.At(index - 1))
            {
                return Of(given);
            }
        }

        return given;
    }

    public bool Contains(DigestItemId id)
    {
        (int low, int high) = (0, Count - 1);
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int order = At(middle).CompareTo(id);
            if (order == 0)
            {
                return true;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return false;
    }

    public DigestItemIdSet Union(DigestItemIdSet other) => (Count, other.Count) switch
    {
        (_, 0) => this,
        (0, _) => other,
        _ => Of(this.Concat(other)),
    };

    // The bytes of the ids from an index on. Fewer than asked for if the set ends before.
    public ReadOnlyMemory<byte> Slice(int start, int count)
    {
        int first = Math.Clamp(start, 0, Count);
        int last = Math.Clamp(start + count, first, Count);
        return _bytes[(first * DigestItemId.Bytes)..(last * DigestItemId.Bytes)];
    }

    public IEnumerator<DigestItemId> GetEnumerator()
    {
        for (int index = 0; index < Count; index++)
        {
            yield return At(index);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private DigestItemId At(int index) => DigestItemId.FromBytes(_bytes.Span[(index * DigestItemId.Bytes)..]);
}
