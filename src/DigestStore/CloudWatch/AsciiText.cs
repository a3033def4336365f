using System.Globalization;
using DigestStore.Calls;

namespace DigestStore.CloudWatch;

// CloudWatch refuses a metric whose names or values are blank, too long or not printable ASCII; the metric matters more than the letter.
internal static class AsciiText
{
    // Room for the marks that keep names apart.
    private const int MaxNameLength = CloudWatchRules.MaxNameLength - 40;

    public static string Name(string? given)
    {
        string name = Clean(given, MaxNameLength);
        return name[0] == ':' || name == MetricLine.Metadata ? "-" + name[1..] : name;
    }

    public static string Value(object? given) => Clean(given as string ?? TextOf(given), CloudWatchRules.MaxValueLength);

    // A tag may be any object of the host's.
    private static string? TextOf(object? given)
    {
        try
        {
            return Convert.ToString(given, CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (!Fatal.Is(exception))
        {
            return null;
        }
    }

    private static string Clean(string? given, int maxLength)
    {
        if (string.IsNullOrWhiteSpace(given))
        {
            return "none";
        }

        return string.Create(Math.Min(given.Length, maxLength), given, static (text, source) =>
        {
            bool isBlank = true;
            for (int index = 0; index < text.Length; index++)
            {
                text[index] = CloudWatchRules.IsPrintable(source[index]) ? source[index] : '_';
                isBlank &= text[index] == ' ';
            }

            if (isBlank)
            {
                text[0] = '_';
            }
        });
    }
}
