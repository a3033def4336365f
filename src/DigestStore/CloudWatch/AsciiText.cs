using System.Globalization;
using DigestStore.Calls;

namespace DigestStore.CloudWatch;

// CloudWatch refuses a metric with a name or a value that is blank, too long or not printable ASCII. Such a name or value is changed, because
// a metric with a changed name is better than none.
internal static class AsciiText
{
    // 40 characters are left for what is appended to a name: ".unsampled", and the underscores that keep equal names apart.
    private const int MaxNameLength = CloudWatchRules.MaxNameLength - 40;

    public static string Name(string? given)
    {
        string name = Clean(given, MaxNameLength);
        return name[0] == ':' || name == MetricLine.Metadata ? "-" + name[1..] : name;
    }

    public static string Value(object? given) => Clean(given as string ?? TextOf(given), CloudWatchRules.MaxValueLength);

    // The value of a tag may be any object, and its ToString is code of the application, which may throw.
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
