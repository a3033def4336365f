using System.Buffers;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using BenchmarkDotNet.Attributes;
using DigestStore.Benchmarks.Peers;
using DigestStore.Configuration;
using DigestStore.DynamoDb;
using DigestStore.Identity;
using DigestStore.Records;
using DigestStore.Storing;
using DigestStore.Table;

namespace DigestStore.Benchmarks;

/// <summary>The pure steps of a store, one item or one window of 200 at a time.</summary>
[MemoryDiagnoser]
public class StepBenchmarks
{
    private const int Count = 200;

    private readonly DigestItem[] _items = SampleItems.Make(Count);
    private readonly StoreSettings _settings = StoreSettings.From(new DigestStoreOptions());
    private readonly Partition _partition = new("digests", "daily", new DateOnly(2026, 11, 21));
    private List<PendingItem> _pending = [];
    private Dictionary<string, AttributeValue> _attributes = [];
    private ItemRecord _stored = null!;
    private byte[] _page = [];

    [GlobalSetup]
    public void Setup()
    {
        _pending = [.. Window().Items];
        foreach (PendingItem item in _pending)
        {
            item.Write = ItemComparison.Decide(item, null, item.Id, 0, DateTimeOffset.UnixEpoch, _settings).Write;
            item.WireBytes = WireSize.Of(item.Content, item.Size, null);
        }

        _attributes = ItemMapper.ToAttributes(_pending[0].Write!, _partition);
        _stored = ItemReader.Read(_pending[0].Id, _partition.Date, _attributes);
        _page = Page();
    }

    [Benchmark(Description = "canonicalise 1 URL")]
    public bool Canonicalise() => IdentityRuleSet.Default.TryCanonicalize(_items[0].Url, out _, out _);

    [Benchmark(Description = "validate 1 item")]
    public bool Validate() => ItemValidator.TryValidate(_items[0], _settings.Identity, "daily", out _, out _, out _);

    [Benchmark(Description = "validate, identify, deduplicate 200 items")]
    public int Intake() => Window().Items.Count;

    [Benchmark(Description = "deduplicate 200 items")]
    public int Deduplicate()
    {
        var window = new Deduplicator();
        foreach (PendingItem item in _pending)
        {
            window.Add(item, out _);
        }

        return window.Distinct.Count;
    }

    [Benchmark(Description = "size 1 item")]
    public int Size() => ItemSize.Of(_pending[0].Content, "daily");

    [Benchmark(Description = "hash 1 item")]
    public string Hash() => ContentHash.Of(_pending[0].Content);

    [Benchmark(Description = "compare 1 item")]
    public object? Compare() => ItemComparison.Decide(_pending[0], _stored, _pending[0].Id, 0, DateTimeOffset.UnixEpoch, _settings).Write;

    [Benchmark(Description = "pack 200 items")]
    public int Pack()
    {
        var queue = new Queue<PendingItem>(_pending);
        int batches = 0;
        while (queue.Count > 0)
        {
            batches += BatchPacker.Take(queue, Schema.MaxBatchWriteItems).Count > 0 ? 1 : 0;
        }

        return batches;
    }

    [Benchmark(Description = "map 1 item")]
    public int Map() => ItemMapper.ToAttributes(_pending[0].Write!, _partition).Count;

    [Benchmark(Description = "map 1 record back")]
    public object MapBack() => ItemReader.Read(_pending[0].Id, _partition.Date, _attributes);

    [Benchmark(Description = "read a page of 200 items")]
    public int ReadPage() => PageBody.Read(_page, PageRequest.OfDay(_partition, after: null, consistent: true), null)!.Items.Count;

    private byte[] Page()
    {
        var body = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteNumber("Count", Count);
        json.WriteStartArray("Items");
        for (int index = 0; index < Count; index++)
        {
            json.WriteStartObject();
            RawRecord.Write(json, PeerItem.Of([_items[index]])[0], _partition.Key, "2026-11-21", "2026-11-21T06:00:00.0000000Z", index);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return body.WrittenSpan.ToArray();
    }

    private Window Window()
    {
        var preparer = new ItemPreparer(_settings, new StoreLedger(0), _partition.Date, DateTimeOffset.UnixEpoch);
        foreach (DigestItem item in _items)
        {
            preparer.Take(preparer.Prepare(item));
        }

        return preparer.Close(isLast: true);
    }
}
