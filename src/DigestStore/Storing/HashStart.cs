using System.Globalization;
using DigestStore.Records;

namespace DigestStore.Storing;

// The first 64 bits of a content hash: enough to know the content again, and little to keep for each id of a long stream.
internal static class HashStart
{
    private const int Digits = 16;
    private const char EndOfVersion = '-';

    public static ulong Of(string contentHash)
    {
        ReadOnlySpan<char> hash = contentHash.AsSpan(contentHash.IndexOf(EndOfVersion, StringComparison.Ordinal) + 1);
        return ulong.Parse(hash[..Digits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    // The stored copy's hash has the version of the sibling's: this process made both.
    public static KnownRecord Known(ulong start, string siblingHash) => new()
    {
        State = KnownRecordState.Present,
        ContentHash = string.Concat(siblingHash.AsSpan(0, siblingHash.IndexOf(EndOfVersion, StringComparison.Ordinal) + 1), start.ToString("x16", CultureInfo.InvariantCulture)),
    };
}
