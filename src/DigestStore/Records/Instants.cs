using System.Globalization;

namespace DigestStore.Records;

// Times as they are stored and hashed: ISO 8601 in UTC to 100 ns, 28 ASCII characters in every culture.
internal static class Instants
{
    // For a time in UTC it is yyyy-MM-ddTHH:mm:ss.fffffffZ, and the one format of this length that is not interpreted letter by letter.
    private const string Format = "O";
    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    public static string Write(DateTimeOffset instant) => instant.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    public static DateTimeOffset? Read(string? text) =>
        DateTimeOffset.TryParseExact(text, Format, CultureInfo.InvariantCulture, Utc, out DateTimeOffset instant) ||
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out instant)
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
