using BenchmarkDotNet.Attributes;
using DigestStore.Benchmarks.Peers;
using DigestStore.Benchmarks.Runs;
using DigestStore.Benchmarks.Stub;

namespace DigestStore.Benchmarks;

/// <summary>The whole pipeline with SDK and network, against the stub server at 0 ms.</summary>
[MemoryDiagnoser]
public class StubBenchmarks
{
    private const int MaxItemsKept = 200_000;

    private readonly Dates _dates = new();

    private StubProcess _stub = null!;
    private DigestStorePeer _ours = null!;
    private DigestItem[] _items = [];
    private DateOnly _storedDate;
    private int _kept;

    [Params(200, 10_000)]
    public int Items { get; set; }

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _stub = await StubProcess.StartAsync();
        _ours = new DigestStorePeer(_stub.Url);
        _items = SampleItems.Make(Items);
        _storedDate = _dates.Next();
        await _ours.StoreAsync(_storedDate, _items);
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        _ours.Dispose();
        await _stub.DisposeAsync();
    }

    [Benchmark(Baseline = true, Description = "first store")]
    public async Task<int> FirstStoreAsync()
    {
        _kept += Items;
        if (_kept > MaxItemsKept)
        {
            _kept = 0;
            await _stub.ConfigureAsync(new StubSettings { Forget = true });
        }

        return (await _ours.StoreAsync(_dates.Next(), _items)).Inserted;
    }

    [Benchmark(Description = "store again, nothing changed")]
    public async Task<int> StoreAgainAsync() => (await _ours.StoreAsync(_storedDate, _items)).Unchanged;

    [Benchmark(Description = "read back")]
    public Task<int> ReadAsync() => _ours.ReadAsync(_storedDate);
}
