using System.Globalization;

namespace DigestStore.Identity;

internal static class Port
{
    public const int Default = -1;

    // Only the default port of the URL's own scheme counts as the default: http://h:443/ is another page than https://h/.
    public static bool TryParse(ReadOnlySpan<char> text, bool isHttps, out int port)
    {
        port = Default;
        if (text.IsEmpty)
        {
            return true;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number > ushort.MaxValue)
        {
            return false;
        }

        port = number == (isHttps ? 443 : 80) ? Default : number;
        return true;
    }

    public static void Write(int port, ref UrlWriter target)
    {
        if (port == Default)
        {
            return;
        }

        Span<char> digits = stackalloc char[5];
        _ = port.TryFormat(digits, out int length, provider: CultureInfo.InvariantCulture);
        target.Append(':');
        target.Append(digits[..length]);
    }
}
