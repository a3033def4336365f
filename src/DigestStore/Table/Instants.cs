using System.Globalization;

namespace DigestStore.Table;

// Times as they are stored and hashed: ISO 8601 in UTC to 100 ns, 28 ASCII characters in every culture.
internal static class Instants
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public static string Write(DateTimeOffset instant) => instant.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    public static DateTimeOffset? Read(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset instant)
            ? instant
            : null;

    // Rounded up, so that nothing expires before its time.
    public static long ToEpochSeconds(DateTimeOffset instant) =>
        instant.ToUnixTimeSeconds() + (instant.Ticks % TimeSpan.TicksPerSecond == 0 ? 0 : 1);

    public static DateTimeOffset? FromEpochSeconds(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seconds) &&
        seconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds() && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
