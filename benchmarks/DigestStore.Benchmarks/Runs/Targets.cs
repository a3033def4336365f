using DigestStore.Benchmarks.Peers;

namespace DigestStore.Benchmarks.Runs;

/// <summary>What was promised, beside what was measured.</summary>
internal sealed class Targets(IReadOnlyList<Cell> cells)
{
    private const string Unmeasured = "–";

    private int _missed;

    public int Print(Report report)
    {
        report.Line($"#### Targets");
        report.Line();
        report.Table("target", "measured", "bound", "verdict");
        Cell? slow = Find(CompareRun.Store, 200, 5);
        Cell? fast = Find(CompareRun.Store, 200, 0);
        Cell? again = Find(CompareRun.StoreAgain, 200, 5);
        Cell? read = Find(CompareRun.Read, 200, 0);
        Row(report, "200 new items at 5 ms: wall against DynamoDBContext", OverContext(slow, cost => cost.WallMs), 0.38);
        Row(report, "200 new items at 5 ms: wall against the limit", Over(Ours(slow)?.WallMs, slow?.OfLimit()?.WallMs), 3.5);
        Row(report, "200 new items at 0 ms: CPU against DynamoDBContext", OverContext(fast, cost => cost.CpuMs), 0.75);
        Row(report, "200 new items: allocated against DynamoDBContext", OverContext(fast, cost => cost.Allocated), 0.5);
        Row(report, "200 new items: requests", Ours(fast)?.Requests, 10);
        Row(report, "The same 200 again: requests", Ours(again)?.Requests, 2);
        Row(report, "The same 200 again at 5 ms: wall against DynamoDBContext", OverContext(again, cost => cost.WallMs), 0.25);
        Row(report, "Read of 200 at 0 ms: CPU against DynamoDBContext", OverContext(read, cost => cost.CpuMs), 0.6);
        Row(report, "Read of 200: allocated against DynamoDBContext", OverContext(read, cost => cost.Allocated), 0.6);
        Row(report, "CPU per item, 10,000 against 200, at 0 ms", OverSmall(fast, cost => cost.CpuMs), 1);
        Row(report, "Wall per item, 10,000 against 200, at 0 ms", OverSmall(fast, cost => cost.WallMs), 1);
        Row(report, "Allocated per item, 10,000 against 200", OverSmall(fast, cost => cost.Allocated), 1);
        report.Line();
        return _missed;
    }

    private Cell? Find(string task, int items, int latency) => cells.FirstOrDefault(cell => cell.Task == task && cell.Items == items && cell.Latency == latency);

    private static Cost? Ours(Cell? cell) => cell?.Of(AllPeers.Ours);

    private static double? OverContext(Cell? cell, Func<Cost, double> of) =>
        Ours(cell) is { } ours && cell!.Of(AllPeers.Context) is { } context ? of(ours) / of(context) : null;

    private double? OverSmall(Cell? small, Func<Cost, double> of) =>
        Ours(small) is { } few && Ours(Find(CompareRun.Store, 10_000, 0)) is { } many ? of(many) / 10_000 / (of(few) / 200) : null;

    private static double? Over(double? value, double? to) => value / to;

    private void Row(Report report, string target, double? measured, double bound)
    {
        bool isMissed = measured > bound;
        _missed += isMissed ? 1 : 0;
        report.Row(
            target, measured is null ? Unmeasured : Text(measured.Value), $"≤ {Text(bound)}", measured is null ? Unmeasured : isMissed ? "MISS" : "PASS");
    }

    // More digits than the tables: a verdict must not look wrong.
    private static string Text(double value) => value.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture);
}
