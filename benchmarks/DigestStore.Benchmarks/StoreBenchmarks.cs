using BenchmarkDotNet.Attributes;
using DigestStore.Testing;

namespace DigestStore.Benchmarks;

/// <summary>The whole pipeline over records in memory: what the library itself costs, without SDK and network.</summary>
[MemoryDiagnoser]
public class StoreBenchmarks
{
    private static readonly DateOnly Date = new(2026, 11, 21);

    private InMemoryDigestRepository _stored = null!;
    private DigestItem[] _items = [];

    [Params(200, 10_000)]
    public int Items { get; set; }

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _items = SampleItems.Make(Items);
        _stored = new InMemoryDigestRepository();
        (await _stored.StoreAsync(Date, _items)).EnsureStored();
    }

    [GlobalCleanup]
    public void Cleanup() => _stored.Dispose();

    [Benchmark(Baseline = true, Description = "first store")]
    public async Task<int> FirstStoreAsync()
    {
        using var repository = new InMemoryDigestRepository();
        return (await repository.StoreAsync(Date, _items)).Inserted;
    }

    [Benchmark(Description = "store again, nothing changed")]
    public async Task<int> StoreAgainAsync() => (await _stored.StoreAsync(Date, _items)).Unchanged;

    [Benchmark(Description = "read back")]
    public async Task<int> ReadAsync() => (await _stored.GetAsync(Date)).Count;
}
