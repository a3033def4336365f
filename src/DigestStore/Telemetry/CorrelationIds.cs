using System.Diagnostics;
using System.Security.Cryptography;

namespace DigestStore.Telemetry;

internal static class CorrelationIds
{
    private const int MaxLength = 128;
    private const int RandomHexDigits = 32;

    public static string Of(string? given)
    {
        if (string.IsNullOrWhiteSpace(given))
        {
            return Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity
                ? activity.TraceId.ToHexString()
                : RandomNumberGenerator.GetHexString(RandomHexDigits, lowercase: true);
        }

        ReadOnlySpan<char> kept = given.AsSpan(0, Math.Min(given.Length, MaxLength));
        return string.Create(kept.Length, kept, static (text, source) =>
        {
            for (int index = 0; index < text.Length; index++)
            {
                // It reaches log lines and the table, so it is one line of plain text.
                text[index] = source[index] is >= ' ' and <= '~' ? source[index] : ' ';
            }
        });
    }
}
