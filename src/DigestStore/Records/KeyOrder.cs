namespace DigestStore.Records;

// The order of keys in DynamoDB: that of their bytes in UTF-8. An ordinal comparison of strings puts characters outside of the Basic
// Multilingual Plane before U+E000 to U+FFFF, because their surrogates are smaller.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
internal sealed class KeyOrder : IComparer<string>
{
    private const char FirstSurrogate = '\uD800';

    public static KeyOrder Instance { get; } = new();

    int IComparer<string>.Compare(string? x, string? y) => Compare(x!, y!);

    public static int Compare(string left, string right)
    {
        int same = left.AsSpan().CommonPrefixLength(right);
        if (same == left.Length || same == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        (char first, char second) = (left[same], right[same]);
        return first >= FirstSurrogate && second >= FirstSurrogate && char.IsSurrogate(first) != char.IsSurrogate(second)
            ? char.IsSurrogate(first).CompareTo(char.IsSurrogate(second))
            : first.CompareTo(second);
    }
}
