using DigestStore.Telemetry;
using Microsoft.Extensions.Logging;

namespace DigestStore.CloudWatch;

// Tells a failure once, until it is over. A logger is the host's code: what it throws must not reach a timer.
internal sealed class CloudWatchLog(ILoggerFactory loggers)
{
    private bool _isFailing;
    private bool _toldDropped;

    public void Written() => _isFailing = false;

    public void NotWritten(Exception exception)
    {
        if (!_isFailing)
        {
            _isFailing = true;
            Guarded(logger => LogMessages.MetricsNotWritten(logger, exception.GetType().Name));
        }
    }

    public void Dropped(long measurements)
    {
        if (!_toldDropped)
        {
            _toldDropped = true;
            Guarded(logger => LogMessages.MetricsDropped(logger, measurements, SeriesBook.MaxSeries));
        }
    }

    public void NotStarted(string problem) => Guarded(logger => LogMessages.MetricsNotStarted(logger, problem));

    private void Guarded(Action<ILogger> write) => Guard.Run(() => write(loggers.CreateLogger(StoreLog.Category)));
}
