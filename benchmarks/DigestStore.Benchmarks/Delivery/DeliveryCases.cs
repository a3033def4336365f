using DigestStore.Benchmarks.Capacity;
using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Peers;
using DigestStore.Benchmarks.Runs;

namespace DigestStore.Benchmarks.Delivery;

/// <summary>One day of a digest, "was it sent before?" and the delivery, in three ways, and what each costs.</summary>
internal sealed class DeliveryCases(LocalEngine engine, Report report) : IDisposable
{
    private const int AtOnce = 4;

    private readonly UnitMeter _meter = new();
    private readonly PlainHistory _plain = new(engine);

    /// <summary>What the library's look-ups have cost.</summary>
    public Dictionary<(int Items, int Days), CapacityCost> Lookups { get; } = [];

    /// <summary>What the library's deliveries have cost, by the number of items.</summary>
    public Dictionary<int, CapacityCost> Deliveries { get; } = [];

    public async Task RunAsync(int count, int[] spans)
    {
        var date = new DateOnly(2026, 11, 21);
        DigestItem[] items = SampleItems.Make(count);
        PeerItem[] peers = PeerItem.Of(items);
        using var repository = new DigestRepository(engine.Client, new DigestStoreOptions { TableName = engine.Table, DigestName = $"of-{count}", ReadDeadline = TimeSpan.FromMinutes(1) });
        await Parallel.ForEachAsync(Enumerable.Range(1, spans.Max()), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (ago, _) =>
        {
            DigestItem[] sent = [.. items.Select(item => item with { Url = $"{item.Url}&ago={ago}" })];
            (await DeliverAsync(repository, date.AddDays(-ago), sent)).EnsureDelivered();
        });
        await _plain.FillAsync(date, items);
        _meter.Take();

        (await DeliverAsync(repository, date, items)).EnsureDelivered();
        CapacityCost delivery = Deliveries[count] = _meter.Take();
        (CapacityCost markersRead, CapacityCost markersWritten) = await _plain.MarkersAsync(peers, date);
        foreach (int days in spans)
        {
            string[] urls = [.. items.Select(static item => item.Url)];
            SentLookup lookup = await repository.FindSentAsync(date, urls, days);
            CapacityCost found = Lookups[(count, days)] = lookup.Sent.Count == 0 ? _meter.Take() : throw new InvalidOperationException("A link that is new was found.");
            Print(count, days, "DigestStore", found, delivery);
            Print(count, days, "marker for each URL", markersRead, markersWritten);
            Print(count, days, "query of each day's items", await _plain.DaysAsync(date, days), new CapacityCost(0, 0, 0));
        }
    }

    public void Dispose() => _meter.Dispose();

    private static Task<DeliveryResult> DeliverAsync(DigestRepository repository, DateOnly date, DigestItem[] items) =>
        repository.DeliverAsync(date, items, static (_, _) => Task.FromResult(new DeliveryReceipt()));

    private void Print(int items, int days, string way, CapacityCost lookup, CapacityCost memory) => report.Row(
        $"{items}", $"{days}", way, $"{lookup.Requests}", Report.Number(lookup.ReadUnits), $"{memory.Requests}", Report.Number(memory.WriteUnits), Report.Number(memory.ReadUnits), Report.Number(lookup.Charge + memory.Charge));
}
