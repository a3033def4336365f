namespace DigestStore.Benchmarks.Soak;

/// <summary>Counts of durations in steps of 2 %, of one size however many there are: a list that grows would look like a leak.</summary>
internal sealed class LatencyHistogram
{
    private const double Step = 1.02;
    private const double LeastMilliseconds = 0.001;
    private const int Buckets = 1_200;

    private readonly long[] _counts = new long[Buckets];
    private long _count;

    public void Add(TimeSpan duration)
    {
        int bucket = (int)Math.Ceiling(Math.Log(Math.Max(duration.TotalMilliseconds, LeastMilliseconds) / LeastMilliseconds, Step));
        Interlocked.Increment(ref _counts[Math.Min(bucket, Buckets - 1)]);
        Interlocked.Increment(ref _count);
    }

    /// <summary>The duration in milliseconds that this share of all does not exceed; no number when there are none.</summary>
    public double Percentile(double share)
    {
        long wanted = (long)Math.Ceiling(Interlocked.Read(ref _count) * share);
        long seen = 0;
        for (int bucket = 0; bucket < Buckets && wanted > 0; bucket++)
        {
            seen += Interlocked.Read(ref _counts[bucket]);
            if (seen >= wanted)
            {
                return LeastMilliseconds * Math.Pow(Step, bucket);
            }
        }

        return double.NaN;
    }
}
