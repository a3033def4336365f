using DigestStore.Telemetry;
using Microsoft.Extensions.Logging;

namespace DigestStore.CloudWatch;

// A failed write is logged once, and again only after a write has succeeded, so that an outage does not fill the log. Dropped measurements are
// logged only once. Loggers are code of the application, and an exception that they throw must not reach the timer.
internal sealed class CloudWatchLog(ILoggerFactory loggers)
{
    private bool _isFailing;
    private bool _isDroppedLogged;

    public void Written() => _isFailing = false;

    public void NotWritten(Exception exception)
    {
        if (!_isFailing)
        {
            _isFailing = true;
            Log(logger => LogMessages.MetricsNotWritten(logger, exception.GetType().Name));
        }
    }

    public void Dropped(long measurements)
    {
        if (!_isDroppedLogged)
        {
            _isDroppedLogged = true;
            Log(logger => LogMessages.MetricsDropped(logger, measurements, SeriesBuffer.MaxSeries));
        }
    }

    public void NotStarted(string problem) => Log(logger => LogMessages.MetricsNotStarted(logger, problem));

    private void Log(Action<ILogger> write) => Guard.Run(() => write(loggers.CreateLogger(StoreLog.Category)));
}
