using System.Text;

namespace DigestStore.TestSupport;

/// <summary>A partition and a sort key, ordered as DynamoDB orders them: by UTF-8 bytes.</summary>
internal readonly record struct ItemKey(string Partition, string Sort) : IComparable<ItemKey>
{
    public int CompareTo(ItemKey other)
    {
        var partition = Compare(Partition, other.Partition);
        return partition != 0 ? partition : Compare(Sort, other.Sort);
    }

    // UTF-16 order differs from UTF-8 order only where surrogates are involved.
    public static int Compare(string left, string right)
    {
        var difference = left.AsSpan().CommonPrefixLength(right);
        if (difference == left.Length || difference == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        return char.IsSurrogate(left[difference]) || char.IsSurrogate(right[difference])
            ? Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right))
            : left[difference].CompareTo(right[difference]);
    }
}
