using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace DigestStore.Records;

// Writes and reads times in the form in which they are stored and hashed: ISO 8601 in UTC with a precision of 100 ns.
// That is 28 ASCII characters in any culture.
internal static class Instants
{
    // For a time in UTC the format "O" is yyyy-MM-ddTHH:mm:ss.fffffffZ. .NET has a fast path for it, which a custom format would not use.
    private const string Format = "O";
    private const int Length = 28;
    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    public static string Write(DateTimeOffset instant) => instant.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    public static DateTimeOffset? Read(string? text) =>
        DateTimeOffset.TryParseExact(text, Format, CultureInfo.InvariantCulture, Utc, out DateTimeOffset instant) ||
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out instant)
            ? instant
            : null;

    // The form of Write is read from the bytes. Any other text, which another program has written, is read as above.
    public static DateTimeOffset? Read(ReadOnlySpan<byte> utf8) =>
        utf8.Length == Length && Utf8Parser.TryParse(utf8, out DateTimeOffset instant, out int read, Format[0]) && read == Length
            ? instant
            : Read(Encoding.UTF8.GetString(utf8));

    // The seconds are rounded up, so that no record expires too early.
    public static long ToEpochSeconds(DateTimeOffset instant) =>
        instant.ToUnixTimeSeconds() + (instant.Ticks % TimeSpan.TicksPerSecond == 0 ? 0 : 1);

    // Null for a time that is no date, or so close to the last date that nothing can be added to it.
    public static DateTimeOffset? FromEpochMilliseconds(long? milliseconds) =>
        milliseconds >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && milliseconds <= DateTimeOffset.MaxValue.AddDays(-1).ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds.Value)
            : null;

    public static DateTimeOffset? FromEpochSeconds(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seconds) ? FromEpochSeconds(seconds) : null;

    // Null for a time that is no date.
    public static DateTimeOffset? FromEpochSeconds(long? seconds) =>
        seconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds() && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds.Value)
            : null;
}
