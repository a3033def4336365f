namespace DigestStore.Benchmarks.Startup;

/// <summary>What the just-in-time compiler had to do until the first batch was stored, and the CPU time of the whole process until then.</summary>
internal sealed record StartupRecord(int Methods, double Milliseconds, double CpuMilliseconds = 0);
