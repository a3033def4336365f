using Microsoft.Extensions.Logging;

namespace DigestStore.Telemetry;

// The log templates of CloudWatchMetrics.
internal static partial class LogMessages
{
    [LoggerMessage(500, LogLevel.Warning, "Metrics could not be written for CloudWatch: the writer failed with {ErrorType}. What was measured in the interval is lost; the next one is tried. Told once until it works again.")]
    public static partial void MetricsNotWritten(ILogger logger, string errorType);

    [LoggerMessage(501, LogLevel.Warning, "{Measurements} measurements are not among the metrics for CloudWatch: they were no finite numbers, or there were more than {MaxSeries} combinations of metrics and tags in one interval. The metric digeststore.cloudwatch.dropped counts them; this is told once.")]
    public static partial void MetricsDropped(ILogger logger, long measurements, int maxSeries);

    [LoggerMessage(502, LogLevel.Error, "No metrics are written for CloudWatch: {Problem}")]
    public static partial void MetricsNotStarted(ILogger logger, string problem);
}
