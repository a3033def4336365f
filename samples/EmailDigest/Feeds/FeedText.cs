using System.Text;
using System.Text.RegularExpressions;

namespace EmailDigest.Feeds;

/// <summary>Decodes the bytes of a feed: byte order mark, then the XML declaration, then the server's word, then UTF-8.</summary>
internal static partial class FeedText
{
    private const int DeclarationLength = 256;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Encodings such as windows-1251 and Shift_JIS are not registered in .NET unless asked for.
    static FeedText() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public static string Decode(ReadOnlySpan<byte> bytes, string? charset, FeedProblems problems)
    {
        (Encoding? marked, int markLength) = ByteOrderMark(bytes);
        if (marked is not null)
        {
            return marked.GetString(bytes[markLength..]);
        }

        Encoding encoding = Declared(bytes, charset, problems);
        if (encoding.CodePage != Encoding.UTF8.CodePage)
        {
            return encoding.GetString(bytes);
        }

        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            problems.Add("not valid UTF-8; read as windows-1252");
            return Encoding.GetEncoding(1252).GetString(bytes);
        }
    }

    private static (Encoding? Encoding, int Length) ByteOrderMark(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding.UTF8, 3),
        [0xFF, 0xFE, 0, 0, ..] => (Encoding.UTF32, 4),
        [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
        [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
        // No mark, but "<" or "{" in UTF-16.
        [0x3C or 0x7B, 0, ..] => (Encoding.Unicode, 0),
        [0, 0x3C or 0x7B, ..] => (Encoding.BigEndianUnicode, 0),
        _ => (null, 0),
    };

    private static Encoding Declared(ReadOnlySpan<byte> bytes, string? charset, FeedProblems problems)
    {
        string start = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, DeclarationLength)]);
        Match declaration = XmlDeclaration().Match(start);
        string? name = declaration.Success ? declaration.Groups["name"].Value : charset?.Trim('"', '\'', ' ');
        if (string.IsNullOrEmpty(name))
        {
            return Encoding.UTF8;
        }

        try
        {
            var encoding = Encoding.GetEncoding(name);
            // A declaration that could be read byte by byte is not in UTF-16 or UTF-32, whatever it says.
            return declaration.Success && !encoding.GetBytes("<").SequenceEqual("<"u8.ToArray()) ? Encoding.UTF8 : encoding;
        }
        catch (ArgumentException)
        {
            problems.Add($"unknown encoding '{HtmlText.Clean(name, 40)}'; read as UTF-8");
            return Encoding.UTF8;
        }
    }

    [GeneratedRegex("""^\s*<\?xml[^>]*?encoding\s*=\s*["'](?<name>[^"']+)["']""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex XmlDeclaration();
}
