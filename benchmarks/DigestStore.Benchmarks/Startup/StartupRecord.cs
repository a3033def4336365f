namespace DigestStore.Benchmarks.Startup;

/// <summary>What the just-in-time compiler had to do until the first batch was stored.</summary>
internal sealed record StartupRecord(int Methods, double Milliseconds);
