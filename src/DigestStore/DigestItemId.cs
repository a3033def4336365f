using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using DigestStore.Faults;
using DigestStore.Identity;

namespace DigestStore;

/// <summary>The deterministic id of an item: the first 128 bits of the SHA-256 of its canonical URL.</summary>
/// <remarks>The same URL has the same id on every machine and in every version 1.x; <c>docs/identity.md</c> has the rules and test vectors.</remarks>
[JsonConverter(typeof(DigestItemIdJsonConverter))]
public readonly record struct DigestItemId : IComparable<DigestItemId>, ISpanParsable<DigestItemId>, ISpanFormattable
{
    internal const int Bytes = 16;
    private const int HexLength = 2 * Bytes;

    // Not a UInt128: code that has one by value is never compiled ahead of time (ReadyToRun), and nearly all code of a store has ids.
    private readonly ulong _high;
    private readonly ulong _low;

    private DigestItemId(ulong high, ulong low) => (_high, _low) = (high, low);

    internal ulong HighBits => _high;

    // An id is a hash, so these bits are as good as a hash code of it.
    internal uint LowBits => (uint)_low;

    /// <summary>Makes the id of a URL under the default identity rules.</summary>
    /// <param name="url">An absolute http or https URL.</param>
    /// <returns>The id.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="url"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">No item can have this URL; the message has the reason and the remedy, and not the URL, which may hold secrets.</exception>
    public static DigestItemId Create(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return Create(url, IdentityRuleSet.Default);
    }

    /// <summary>Makes the id of a URL under the given identity rules.</summary>
    /// <param name="url">An absolute http or https URL.</param>
    /// <param name="rules">The rules; those of the store that the id is for.</param>
    /// <returns>The id.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="url"/> or <paramref name="rules"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">No item can have this URL; the message has the reason and the remedy, and not the URL, which may hold secrets.</exception>
    public static DigestItemId Create(string url, UrlIdentityOptions rules)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(rules);
        return Create(url, IdentityRuleSet.For(rules));
    }

    /// <summary>Makes the id of a URL under the default identity rules.</summary>
    /// <param name="url">An absolute http or https URL.</param>
    /// <param name="id">The id.</param>
    /// <returns><see langword="false"/> when <paramref name="url"/> is not an http(s) URL that could be stored; nothing is thrown.</returns>
    public static bool TryCreate(string? url, out DigestItemId id) => TryCreate(url, IdentityRuleSet.Default, out id);

    /// <summary>Makes the id of a URL under the given identity rules.</summary>
    /// <param name="url">An absolute http or https URL.</param>
    /// <param name="rules">The rules; those of the store that the id is for.</param>
    /// <param name="id">The id.</param>
    /// <returns><see langword="false"/> when <paramref name="url"/> is not an http(s) URL that could be stored; nothing is thrown.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="rules"/> is <see langword="null"/>.</exception>
    public static bool TryCreate(string? url, UrlIdentityOptions rules, out DigestItemId id)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return TryCreate(url, IdentityRuleSet.For(rules), out id);
    }

    /// <summary>Reads an id from its text.</summary>
    /// <param name="hex">32 hexadecimal digits in either case.</param>
    /// <returns>The id.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="hex"/> is <see langword="null"/>.</exception>
    /// <exception cref="FormatException"><paramref name="hex"/> is not 32 hexadecimal digits.</exception>
    public static DigestItemId Parse(string hex)
    {
        ArgumentNullException.ThrowIfNull(hex);
        return Parse(hex.AsSpan());
    }

    /// <summary>Reads an id from its text.</summary>
    /// <param name="hex">32 hexadecimal digits in either case.</param>
    /// <returns>The id.</returns>
    /// <exception cref="FormatException"><paramref name="hex"/> is not 32 hexadecimal digits.</exception>
    public static DigestItemId Parse(ReadOnlySpan<char> hex) => TryParse(hex, out DigestItemId id) ? id : throw new FormatException(InvalidTextMessage(hex.Length));

    /// <summary>Reads an id from its text.</summary>
    /// <param name="hex">32 hexadecimal digits in either case.</param>
    /// <param name="id">The id.</param>
    /// <returns><see langword="false"/> when <paramref name="hex"/> is not 32 hexadecimal digits; nothing is thrown.</returns>
    public static bool TryParse(string? hex, out DigestItemId id) => TryParse(hex.AsSpan(), out id);

    /// <summary>Reads an id from its text.</summary>
    /// <param name="hex">32 hexadecimal digits in either case.</param>
    /// <param name="id">The id.</param>
    /// <returns><see langword="false"/> when <paramref name="hex"/> is not 32 hexadecimal digits; nothing is thrown.</returns>
    public static bool TryParse(ReadOnlySpan<char> hex, out DigestItemId id)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        if (hex.Length == HexLength && Convert.FromHexString(hex, bytes, out _, out _) == OperationStatus.Done)
        {
            id = FromBytes(bytes);
            return true;
        }

        id = default;
        return false;
    }

    internal static bool TryParseUtf8(ReadOnlySpan<byte> hex, out DigestItemId id)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        bool isId = hex.Length == HexLength && Convert.FromHexString(hex, bytes, out _, out _) == OperationStatus.Done;
        id = isId ? FromBytes(bytes) : default;
        return isId;
    }

    // The text of an id is the same in every culture. These members exist only for generic code, and ignore the format provider.
    static DigestItemId IParsable<DigestItemId>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<DigestItemId>.TryParse(string? s, IFormatProvider? provider, out DigestItemId result) => TryParse(s, out result);

    static DigestItemId ISpanParsable<DigestItemId>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    static bool ISpanParsable<DigestItemId>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out DigestItemId result) => TryParse(s, out result);

    // The message does not repeat the text, because the text may be the content of an item.
    internal static string InvalidTextMessage(int length) =>
        $"A digest item id is {HexLength} hexadecimal digits, as DigestItemId.ToString() gives; this text has {length} characters or another digit.";

    internal static DigestItemId Create(string url, IdentityRuleSet rules) => rules.TryCanonicalize(url, out string? canonical, out StoreProblemReason defect)
        ? FromCanonical(canonical)
        : throw new ArgumentException($"No item can have this URL: {defect}. {ProblemMessages.Of(defect)}", nameof(url));

    internal static bool TryCreate(string? url, IdentityRuleSet rules, out DigestItemId id)
    {
        bool valid = rules.TryCanonicalize(url, out string? canonical, out _);
        id = valid ? FromCanonical(canonical!) : default;
        return valid;
    }

    // The bytes are those of the hexadecimal digits, so that ids in bytes have the same order.
    internal static DigestItemId FromBytes(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[sizeof(ulong)..]));

    internal void CopyTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[sizeof(ulong)..], _low);
    }

    internal static DigestItemId FromCanonical(string canonicalUrl)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        int maxBytes = Encoding.UTF8.GetMaxByteCount(canonicalUrl.Length);
        byte[]? rented = null;
        Span<byte> utf8 = maxBytes <= 1024 ? stackalloc byte[1024] : (rented = ArrayPool<byte>.Shared.Rent(maxBytes));
        int written = Encoding.UTF8.GetBytes(canonicalUrl, utf8);
        Sha256.Hash(utf8[..written], hash);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return FromBytes(hash);
    }

    /// <summary>A hash code, which is another one in each process, so that nobody can choose links whose ids share one bucket of a dictionary.</summary>
    /// <returns>The hash code.</returns>
    public override int GetHashCode() => HashCode.Combine(_high, _low);

    /// <summary>Orders ids as DynamoDB orders their texts.</summary>
    /// <param name="other">The id to compare with.</param>
    /// <returns>Less than, equal to or greater than 0.</returns>
    public int CompareTo(DigestItemId other) => _high == other._high ? _low.CompareTo(other._low) : _high.CompareTo(other._high);

    /// <summary>The id as 32 lower-case hexadecimal digits.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>Writes the id as 32 lower-case hexadecimal digits.</summary>
    /// <param name="destination">Where the digits go.</param>
    /// <param name="charsWritten">How many digits were written: 32, or 0.</param>
    /// <returns><see langword="false"/> when <paramref name="destination"/> has no room for 32 characters; nothing is written then.</returns>
    public bool TryFormat(Span<char> destination, out int charsWritten)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        CopyTo(bytes);
        return Convert.TryToHexStringLower(bytes, destination, out charsWritten);
    }

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider)
    {
        ThrowIfFormat(format);
        return ToString();
    }

    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        ThrowIfFormat(format);
        return TryFormat(destination, out charsWritten);
    }

    /// <summary>Whether an id comes before another.</summary>
    /// <param name="left">The one.</param>
    /// <param name="right">The other.</param>
    /// <returns><see langword="true"/> when <paramref name="left"/> is the smaller.</returns>
    public static bool operator <(DigestItemId left, DigestItemId right) => left.CompareTo(right) < 0;

    /// <summary>Whether an id comes before another or is the same.</summary>
    /// <param name="left">The one.</param>
    /// <param name="right">The other.</param>
    /// <returns><see langword="true"/> when <paramref name="left"/> is not the greater.</returns>
    public static bool operator <=(DigestItemId left, DigestItemId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether an id comes after another.</summary>
    /// <param name="left">The one.</param>
    /// <param name="right">The other.</param>
    /// <returns><see langword="true"/> when <paramref name="left"/> is the greater.</returns>
    public static bool operator >(DigestItemId left, DigestItemId right) => left.CompareTo(right) > 0;

    /// <summary>Whether an id comes after another or is the same.</summary>
    /// <param name="left">The one.</param>
    /// <param name="right">The other.</param>
    /// <returns><see langword="true"/> when <paramref name="left"/> is not the smaller.</returns>
    public static bool operator >=(DigestItemId left, DigestItemId right) => left.CompareTo(right) >= 0;

    private static void ThrowIfFormat(ReadOnlySpan<char> format)
    {
        if (!format.IsEmpty)
        {
            throw new FormatException($"A digest item id has one format, 32 lower-case hexadecimal digits; the format '{format}' is not supported. Leave the format out.");
        }
    }
}
