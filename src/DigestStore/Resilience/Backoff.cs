using DigestStore.Table;

namespace DigestStore.Resilience;

// Exponential back-off with equal jitter: half of each delay is certain, so that a throttled table gets its pause, and half is random, so
// that several callers do not come back at the same moment.
internal static class Backoff
{
    public static TimeSpan Delay(FaultKind cause, int retry, DigestStoreOptions options, double random)
    {
        // The SDK has just learned the right time from the answer. The longer the retry waits, the less exact that time becomes.
        if (cause == FaultKind.ClockSkew)
        {
            return TimeSpan.Zero;
        }

        TimeSpan first = cause == FaultKind.Throttled ? options.ThrottleDelay : options.RetryDelay;
        double ticks = Math.Min(first.Ticks * Math.Pow(2, retry), options.MaxRetryDelay.Ticks);
        return TimeSpan.FromTicks((long)(ticks * (0.5 + (random / 2))));
    }
}
