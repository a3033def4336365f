using BenchmarkDotNet.Attributes;
using DigestStore.Benchmarks.Peers;
using DigestStore.Table;
using DigestStore.Telemetry;

namespace DigestStore.Benchmarks.Telemetry;

/// <summary>What one request tells its instruments: with nobody listening, a few checks and no byte.</summary>
[MemoryDiagnoser]
public class RequestTelemetryBenchmarks
{
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(5);

    private readonly Instruments _instruments = new(meters: null);
    private readonly WriteReply _reply = new() { Sent = 25, Units = 25 };
    private AllTelemetry? _listeners;

    [GlobalSetup(Target = nameof(Listeners))]
    public void Listen() => _listeners = new AllTelemetry();

    [GlobalCleanup]
    public void Cleanup() => _listeners?.Dispose();

    [Benchmark(Baseline = true, Description = "nobody listens")]
    public void Nobody() => _instruments.RequestDone("digests", _reply, Duration, retryReason: null);

    [Benchmark(Description = "a MeterListener")]
    public void Listeners() => Nobody();
}
