using System.Diagnostics.Metrics;

namespace DigestStore.CloudWatch;

// What a metric in CloudWatch takes over from an instrument. Equal instruments of several meters are one metric.
internal sealed record TrackedInstrument(string Name, string Unit, bool IsCounter)
{
    // Returns null for the kinds of instruments that the library does not have.
    public static TrackedInstrument? Of(Instrument instrument)
    {
        bool? isCounter = instrument switch
        {
            Counter<long> or Counter<int> or Counter<double> => true,
            Histogram<long> or Histogram<int> or Histogram<double> => false,
            _ => null,
        };
        return isCounter is { } counter ? new TrackedInstrument(AsciiText.Name(instrument.Name), UnitOf(instrument.Unit), counter) : null;
    }

    // OpenTelemetry writes units in UCUM, while CloudWatch has a list of its own.
    private static string UnitOf(string? unit) => unit switch
    {
        "s" => "Seconds",
        "ms" => "Milliseconds",
        "us" => "Microseconds",
        "By" => "Bytes",
        "%" => "Percent",
        "1" => "Count",
        ['{', .., '}'] => "Count",
        _ => "None",
    };
}
