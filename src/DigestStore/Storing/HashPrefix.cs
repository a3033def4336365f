using System.Globalization;
using DigestStore.Records;

namespace DigestStore.Storing;

// The first 64 bits of a content hash. They are enough to recognise the content, and take little memory for each id of a long stream.
internal static class HashPrefix
{
    private const int Digits = 16;
    private const char EndOfVersion = '-';

    public static ulong Of(string contentHash)
    {
        ReadOnlySpan<char> hash = contentHash.AsSpan(contentHash.IndexOf(EndOfVersion, StringComparison.Ordinal) + 1);
        return ulong.Parse(hash[..Digits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    // The version of the hash is taken from the other copy's hash, since this process computed both.
    public static KnownRecord Known(ulong prefix, string otherHash) => new()
    {
        State = KnownRecordState.Present,
        ContentHash = string.Concat(otherHash.AsSpan(0, otherHash.IndexOf(EndOfVersion, StringComparison.Ordinal) + 1), prefix.ToString("x16", CultureInfo.InvariantCulture)),
    };
}
