using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;

namespace DigestStore.Telemetry;

// The correlation id and the caller of a call. If the application gives no correlation id, it is the id of the current trace, or a random one
// if there is no trace. If the application names no caller, it is the name of the process.
internal sealed class CallNames(string? correlationId, string? caller)
{
    public const int MaxLength = 128;
    private const int RandomHexDigits = 32;

    private static readonly string Process = Clean(Assembly.GetEntryAssembly()?.GetName().Name ?? "unknown");

    public string CorrelationId { get; } = Correlation(correlationId);

    public string Caller { get; } = string.IsNullOrWhiteSpace(caller) ? Process : Clean(caller);

    // The names are written to log lines and to the table, so they must be one line of plain text.
    public static string Clean(string given, int maxLength = MaxLength) => string.Create(Math.Min(given.Length, maxLength), given, static (text, source) =>
    {
        for (int index = 0; index < text.Length; index++)
        {
            text[index] = source[index] is >= ' ' and <= '~' ? source[index] : ' ';
        }
    });

    private static string Correlation(string? given)
    {
        if (!string.IsNullOrWhiteSpace(given))
        {
            return Clean(given);
        }

        return Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity
            ? activity.TraceId.ToHexString()
            : RandomNumberGenerator.GetHexString(RandomHexDigits, lowercase: true);
    }
}
