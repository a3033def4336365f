using System.Buffers;
using AngleSharp.Text;

namespace EmailDigest.Collect;

/// <summary>Decodes the bytes of a feed: byte order mark, then the XML declaration, then the server's word, then UTF-8.</summary>
internal static partial class FeedText
{
    private const int DeclarationLength = 1024;
    public static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    // AngleSharp asks for encodings such as windows-1251 by name; .NET knows them only when asked to.
    static FeedText() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public static string Decode(ReadOnlySpan<byte> bytes, string? charset, FeedProblems problems)
    {
        (Encoding encoding, int markLength) = bytes switch
        {
            [0xEF, 0xBB, 0xBF, ..] => (Encoding.UTF8, 3),
            [0xFF, 0xFE, 0, 0, ..] => (Encoding.UTF32, 4),
            [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
            [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
            [0x3C or 0x7B, 0, ..] => (Encoding.Unicode, 0), // No mark, but "<" or "{" in UTF-16.
            [0, 0x3C or 0x7B, ..] => (Encoding.BigEndianUnicode, 0),
            _ => (Declared(bytes, charset, problems), 0),
        };
        bytes = bytes[markLength..];
        bool isValid = System.Text.Unicode.Utf8.IsValid(bytes);
        // Many a feed with a label of windows-1252 is UTF-8, and text in windows-1252 is never UTF-8 by chance.
        return encoding.CodePage == Encoding.UTF8.CodePage && !isValid ? Utf8(bytes, problems)
            : encoding.CodePage == Windows1252.CodePage && isValid ? Encoding.UTF8.GetString(bytes)
            : encoding.GetString(bytes);
    }

    // By the names that browsers know: iso-8859-1 and us-ascii mean windows-1252 (https://encoding.spec.whatwg.org/#names-and-labels).
    private static Encoding Declared(ReadOnlySpan<byte> bytes, string? charset, FeedProblems problems)
    {
        Match declaration = XmlDeclaration().Match(Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, DeclarationLength)]));
        string name = (declaration.Success ? declaration.Groups[1].Value : charset ?? "").Trim('"', '\'', ' ').ToLowerInvariant();
        Encoding? encoding = TextEncoding.IsSupported(name) ? TextEncoding.Resolve(name) : name.Length > 0 ? CodePagesEncodingProvider.Instance.GetEncoding(name) : Encoding.UTF8;
        problems.AddIf(encoding is null, $"unknown encoding '{EntryText.Clean(name, 40)}'; read as UTF-8");
        // A declaration that could be read byte by byte is not in UTF-16 or UTF-32, whatever it says.
        return encoding is null || (declaration.Success && encoding.GetByteCount("<") != 1) ? Encoding.UTF8 : encoding;
    }

    // What is no UTF-8 costs its own character only: a sequence that was cut is left out, a byte of windows-1252 is read as such.
    private static string Utf8(ReadOnlySpan<byte> bytes, FeedProblems problems)
    {
        problems.AddIf(true, "not valid UTF-8; read as windows-1252 where it is not");
        bool hasSequences = Encoding.UTF8.GetString(bytes).AsSpan().ContainsAnyInRange('\u0080', '\uFFFC');
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            bool isValid = Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) == OperationStatus.Done;
            bool isStart = bytes[0] is >= 0xC2 and <= 0xF4;
            text.Append(isValid || length > 1 || (isStart && hasSequences) ? rune.ToString() : Windows1252.GetString(bytes[..1]));
            bytes = bytes[length..];
        }

        return text.ToString();
    }

    [GeneratedRegex("""<\?xml\s[^>]*?encoding\s*=\s*["']([^"'>]+)["']""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex XmlDeclaration();
}
