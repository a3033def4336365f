using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Runs;

namespace DigestStore.Benchmarks.Capacity;

/// <summary>Stores the same items in both ways, in partitions of their own, and prints what they cost.</summary>
internal sealed class CapacityCases(LocalEngine engine, Report report)
{
    // Long, for the largest day on a slow machine; it changes no unit.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    private readonly DigestRepository _repository = new(engine.Client, new DigestStoreOptions { TableName = engine.Table, Deadline = Deadline });

    /// <summary>The charge against that of putting everything: with one item, where that is 1 write unit, the charge itself.</summary>
    public async Task<double> RunAsync(string store, DateOnly date, DigestItem[] items)
    {
        StoreResult result = await _repository.StoreAsync(date, items);
        result.EnsureStored();
        var ours = new CapacityCost(result.Cost.Requests, result.Cost.WriteUnits, result.Cost.ReadUnits);
        CapacityCost all = await PutEverything.StoreAsync(engine.Client, engine.Table, date, items);
        Print(store, "DigestStore", ours, all);
        Print(store, "put everything", all, all);
        return ours.Charge / all.Charge;
    }

    private void Print(string store, string client, CapacityCost cost, CapacityCost all) => report.Row(
        store, client, $"{cost.Requests}", Report.Number(cost.WriteUnits), Report.Number(cost.ReadUnits), Report.Number(cost.Charge), Report.Ratio(cost.Charge, all.Charge));
}
