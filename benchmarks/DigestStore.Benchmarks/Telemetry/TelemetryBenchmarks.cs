using BenchmarkDotNet.Attributes;
using DigestStore.Benchmarks.Peers;
using DigestStore.Testing;

namespace DigestStore.Benchmarks.Telemetry;

/// <summary>What a store of 200 pays for being watched: with nobody listening, with a log, with meters and spans.</summary>
[MemoryDiagnoser]
public class TelemetryBenchmarks
{
    private static readonly DateOnly Date = new(2026, 11, 21);

    private readonly DigestItem[] _items = SampleItems.Make(200);
    private readonly SilentLog _log = new();
    private AllTelemetry? _listeners;

    [GlobalSetup(Target = nameof(ListenersAsync))]
    public void Listen() => _listeners = new AllTelemetry();

    [GlobalCleanup]
    public void Cleanup()
    {
        _listeners?.Dispose();
        _log.Dispose();
    }

    [Benchmark(Baseline = true, Description = "nobody listens")]
    public async Task<int> NobodyAsync()
    {
        using var repository = new InMemoryDigestRepository();
        return (await repository.StoreAsync(Date, _items)).Inserted;
    }

    [Benchmark(Description = "a logger at Information")]
    public async Task<int> LogAsync()
    {
        using var repository = new InMemoryDigestRepository(services: new DigestStoreServices { LoggerFactory = _log });
        return (await repository.StoreAsync(Date, _items)).Inserted;
    }

    [Benchmark(Description = "a MeterListener and an ActivityListener")]
    public Task<int> ListenersAsync() => NobodyAsync();
}
