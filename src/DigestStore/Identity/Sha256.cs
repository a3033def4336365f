using System.Security.Cryptography;

namespace DigestStore.Identity;

internal static class Sha256
{
    // Each thread keeps one instance, because creating it takes a third of the time that hashing a URL takes.
    [ThreadStatic]
    private static IncrementalHash? _hash;

    public static void Hash(ReadOnlySpan<byte> bytes, Span<byte> hash)
    {
        _hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _hash.AppendData(bytes);
        _hash.GetHashAndReset(hash);
    }
}
