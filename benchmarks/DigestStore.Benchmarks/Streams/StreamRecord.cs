namespace DigestStore.Benchmarks.Streams;

/// <summary>What a child has to say of its one stream.</summary>
internal sealed record StreamRecord(double Seconds, double CpuSeconds, long PeakBytes, long AllocatedBytes, int[]? Collections = null, double PausedSeconds = 0);
