using OpenTelemetry.Exporter;

namespace EmailDigest.Telemetry;

/// <summary>Where each signal goes by the standard variables; <see langword="null"/>: nowhere.</summary>
/// <remarks>https://opentelemetry.io/docs/specs/otel/protocol/exporter/; what is the same for all signals, the SDK reads by itself.</remarks>
internal sealed record OtlpSettings(string? Traces, string? Metrics, string? Logs)
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";
    private static readonly TimeSpan MaxFlushTime = TimeSpan.FromHours(1);

    /// <summary>How long the end of the run waits for the last export; of this program, since the standard has no variable for it.</summary>
    public TimeSpan FlushTime { get; private init; } = TimeSpan.FromSeconds(2);
    public string First => (Traces ?? Metrics ?? Logs)!;

    /// <returns><see langword="null"/> where nothing is to be exported.</returns>
    public static OtlpSettings? From(IConfiguration environment)
    {
        bool isDisabled = string.Equals(environment["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase);
        var settings = new OtlpSettings(EndpointOf(environment, "TRACES"), EndpointOf(environment, "METRICS"), EndpointOf(environment, "LOGS"));
        bool isGiven = TimeSpan.TryParse(environment["EmailDigest:FlushTime"], CultureInfo.InvariantCulture, out TimeSpan flushTime) && flushTime > TimeSpan.Zero && flushTime < MaxFlushTime;
        return isDisabled || settings is { Traces: null, Metrics: null, Logs: null } ? null : isGiven ? settings with { FlushTime = flushTime } : settings;
    }

    /// <summary>What the environment says of one signal alone: the SDK leaves that to us.</summary>
    public static void Apply(OtlpExporterOptions options, IConfiguration environment, string signal)
    {
        string? protocol = Value(environment, $"{Prefix}{signal}_PROTOCOL");
        options.Protocol = protocol is null ? options.Protocol : protocol == "http/protobuf" ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        if (Value(environment, $"{Prefix}{signal}_ENDPOINT") is { } endpoint)
        {
            options.Endpoint = new Uri(endpoint); // One that is set gets no path of the signal's, be it the same as before.
        }

        options.Headers = Value(environment, $"{Prefix}{signal}_HEADERS") ?? options.Headers;
        options.TimeoutMilliseconds = int.TryParse(Value(environment, $"{Prefix}{signal}_TIMEOUT"), out int timeout) ? timeout : options.TimeoutMilliseconds;
    }

    private static string? EndpointOf(IConfiguration environment, string signal) =>
        string.Equals(environment[$"OTEL_{signal}_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase)
            ? null
            : Value(environment, $"{Prefix}{signal}_ENDPOINT") ?? Value(environment, $"{Prefix}ENDPOINT");

    // An empty variable counts as one that is not set.
    private static string? Value(IConfiguration environment, string name) => environment[name] is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;
}
