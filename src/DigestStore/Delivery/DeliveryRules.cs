using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DigestStore.Configuration;
using DigestStore.Records;
using DigestStore.Telemetry;

namespace DigestStore.Delivery;

// The bounds of what a delivery writes into the header of a day, and the rules of its options. All bounds together keep the attributes of the
// delivery below 1 KB, so that an update of an ordinary header costs one write unit.
internal static class DeliveryRules
{
    public const int MaxOwnerBytes = 64;
    public const int MaxMessageIdBytes = 128;
    public const int MaxCheckpointBytes = 256;

    // A stored failure is "<kind>: <words>" and has at most 256 bytes. The longest kind is "uncertain".
    public const int MaxReasonBytes = 256 - 11;

    private const int TokenBytes = 16;
    private const int HashHexDigits = 16;
    private static readonly TimeSpan OneDay = TimeSpan.FromDays(1);
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string DefaultOwner { get; } =
        Cut(string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId}"), MaxOwnerBytes)!;

    // Random, because nothing but the update that wrote it may be taken for it. 22 characters.
    public static string NewToken() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(TokenBytes)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    // Every sender of the day derives the same id, also one that could not ask the table. A table may be configured by its ARN or by its name.
    public static string DefaultMessageId(Partition partition)
    {
        string date = RecordKeys.Date(partition.Date);
        string table = partition.Table[(partition.Table.LastIndexOf('/') + 1)..];
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{table}\n{partition.Digest}\n{date}"));
        return $"{partition.Digest}.{date}.{Convert.ToHexStringLower(hash)[..HashHexDigits]}";
    }

    // How far the clocks of other senders may be off, for whoever does not know the options of the sender.
    public static TimeSpan DefaultAllowance { get; } = new DeliveryOptions().ClockSkewAllowance;

    // Whether the holder of a lease may still rely on it, by the clock of somebody else.
    public static bool MayBeHeld(DateTimeOffset leaseUntil, DateTimeOffset now) => leaseUntil >= now - DefaultAllowance;

    // The next fence. Null if there is none: no clock has made a fence as large as that, so its record is damaged.
    public static long? FenceAbove(long fence) => fence < long.MaxValue ? fence + 1 : null;

    // The text as printable ASCII that is no longer than the bound. Null for a text that is missing or blank.
    public static string? Cut(string? text, int maxBytes) => string.IsNullOrWhiteSpace(text) ? null : CallNames.Clean(text, maxBytes);

    public static void CheckCheckpoint(string checkpoint)
    {
        int bytes;
        try
        {
            bytes = StrictUtf8.GetByteCount(checkpoint);
        }
        catch (EncoderFallbackException exception)
        {
            throw new ArgumentException("The checkpoint contains half of a surrogate pair. Cut texts at whole characters.", nameof(checkpoint), exception);
        }

        if (bytes is 0 or > MaxCheckpointBytes)
        {
            throw new ArgumentException($"The checkpoint has {bytes} bytes in UTF-8, but must have 1 to {MaxCheckpointBytes}. Keep what is longer elsewhere, and give its name.", nameof(checkpoint));
        }
    }

    // The first problem that is found; null if there is none.
    public static string? Problem(DeliveryOptions options) =>
        Check(options.LeaseDuration >= TimeSpan.FromSeconds(1) && options.LeaseDuration <= OneDay, nameof(options.LeaseDuration), options.LeaseDuration,
            "between 00:00:01 and 1.00:00:00. Set a few times the longest pause of a process.") ??
        Check(options.ClockSkewAllowance >= TimeSpan.Zero && options.ClockSkewAllowance <= options.LeaseDuration / 4, nameof(options.ClockSkewAllowance), options.ClockSkewAllowance,
            $"between 00:00:00 and a quarter of {nameof(options.LeaseDuration)}, which is '{options.LeaseDuration}'. Lower it, or raise {nameof(options.LeaseDuration)}.") ??
        Check(options.MaxSendDuration > TimeSpan.Zero && options.MaxSendDuration <= OneDay, nameof(options.MaxSendDuration), options.MaxSendDuration,
            "more than zero and at most 1.00:00:00. Set the longest time that sending may take.") ??
        Check(options.MaxAttempts is >= 1 and <= 1_000, nameof(options.MaxAttempts), options.MaxAttempts, "between 1 and 1000. Use 1 for no further attempt.") ??
        Check(IsPlain(options.Owner, MaxOwnerBytes), nameof(options.Owner), options.Owner, $"1 to {MaxOwnerBytes} characters of printable ASCII. Leave it out for the names of the machine and the process.") ??
        Check(options.MessageId is null || (IsPlain(options.MessageId, MaxMessageIdBytes) && !options.MessageId.AsSpan().ContainsAny(" <>")), nameof(options.MessageId), options.MessageId,
            $"1 to {MaxMessageIdBytes} characters of printable ASCII without spaces and angle brackets, so that it fits into a Message-ID. Leave it out for an id that is derived from the table, the digest and the date.") ??
        Check(options.OnUncertain is UncertainAttempt.Resend or UncertainAttempt.Skip or UncertainAttempt.Throw, nameof(options.OnUncertain), options.OnUncertain,
            $"{nameof(UncertainAttempt.Resend)}, {nameof(UncertainAttempt.Skip)} or {nameof(UncertainAttempt.Throw)}. Leave it out for {nameof(UncertainAttempt.Resend)}.") ??
        Check(options.WaitForHolder >= TimeSpan.Zero && options.WaitForHolder <= OneDay, nameof(options.WaitForHolder), options.WaitForHolder, "between 00:00:00 and 1.00:00:00. Use zero not to wait.") ??
        Check(options.Caller is not { Length: > CallNames.MaxLength }, nameof(options.Caller), options.Caller, $"at most {CallNames.MaxLength} characters long. Shorten it.") ??
        Check(options.CorrelationId is not { Length: > CallNames.MaxLength }, nameof(options.CorrelationId), options.CorrelationId, $"at most {CallNames.MaxLength} characters long. Shorten it.");

    private static bool IsPlain(string? text, int maxBytes) => !string.IsNullOrWhiteSpace(text) && text.Length <= maxBytes && text.All(static character => character is >= ' ' and <= '~');

    private static string? Check(bool isMet, string property, object? value, string ruleAndRemedy) =>
        isMet ? null : $"{nameof(DeliveryOptions)}.{property} is {OptionRules.Quote(value)}, but must be {ruleAndRemedy}";
}
