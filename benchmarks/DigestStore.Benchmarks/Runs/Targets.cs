using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Peers;

namespace DigestStore.Benchmarks.Runs;

/// <summary>What is promised of a comparison: requests, round trips, CPU and memory beside peers of the same run, which hold on any machine. Wall times are told.</summary>
internal sealed class Targets(IReadOnlyList<Cell> cells)
{
    private const int Day = 200;

    private readonly Verdicts _verdicts = new();

    public int Print(Report report)
    {
        Cell? store = Find(CompareRun.Store, Day, 0);
        Cell? again = Find(CompareRun.StoreAgain, Day, 0);
        Cell? read = Find(CompareRun.Read, Day, 0);
        _verdicts.AtMost("200 new items: requests", Ours(store)?.Requests, 10);
        _verdicts.AtMost("the same 200 again: requests", Ours(again)?.Requests, 2);

        // The longer an answer takes, the less can computing between two requests part them into two trips.
        Cell? far = cells.Where(static cell => cell is { Task: CompareRun.Store, Items: Day, Latency: > 0 }).MaxBy(static cell => cell.Latency);
        Cell? farAgain = far is null ? null : Find(CompareRun.StoreAgain, Day, far.Latency);
        _verdicts.AtMost("200 new items: dependent round trips", Ours(far)?.Trips, 3);
        _verdicts.AtMost("the same 200 again: dependent round trips", Ours(farAgain)?.Trips, 2);
        _verdicts.Tell("200 new items: dependent round trips of DynamoDBContext", far?.Of(AllPeers.Context)?.Trips);

        _verdicts.AtMost("200 new items: CPU, × bare SDK, same work, identity and hash", Over(store, AllPeers.BareSdkWithIdentity, Cpu), 1.03, "×");
        _verdicts.AtMost("200 new items: CPU, × DynamoDBContext", Over(store, AllPeers.Context, Cpu), 0.75, "×");
        _verdicts.AtMost("200 new items: allocated, × DynamoDBContext", Over(store, AllPeers.Context, Memory), 0.5, "×");
        _verdicts.AtMost("the same 200 again: CPU, × raw HTTP, same work", Over(again, AllPeers.Raw, Cpu), 1.9, "×");
        _verdicts.Tell("the same 200 again: CPU, × bare SDK, same work, identity and hash", Over(again, AllPeers.BareSdkWithIdentity, Cpu), "×");
        _verdicts.AtMost("the same 200 again: allocated per item", Ours(again)?.Allocated / Day, 3_000, " B");
        _verdicts.AtMost("read of 200: CPU, × raw HTTP, same work", Over(read, AllPeers.Raw, Cpu), 1.35, "×");
        _verdicts.Tell("read of 200: CPU, × bare SDK, same work", Over(read, AllPeers.BareSdk, Cpu), "×");
        _verdicts.AtMost("read of 200: CPU, × DynamoDBContext", Over(read, AllPeers.Context, Cpu), 0.6, "×");
        _verdicts.AtMost("read of 200: allocated per item", Ours(read)?.Allocated / Day, 2_100, " B");
        _verdicts.AtMost("10,000 new items: CPU per item, × that of 200", OverSmall(store, Cpu), 1, "×");
        _verdicts.AtMost("10,000 new items: allocated per item, × that of 200", OverSmall(store, Memory), 1, "×");
        Cell? checksum = Find(CompareRun.ReadUnchecked, Day, 0);
        foreach (string client in (string[])[AllPeers.Ours, AllPeers.BareSdk, AllPeers.Raw])
        {
            _verdicts.Tell($"{client}, read of 200: CPU, × the same without a checksum", checksum?.Of(client)?.CpuMs / checksum?.Of(CompareRun.Unchecked(client))?.CpuMs, "×");
        }

        foreach (Cell cell in cells.Where(static cell => cell is { Items: Day, Latency: > 0 }))
        {
            _verdicts.Tell($"{cell.Name}: wall", Ours(cell)?.WallMs, " ms");
            _verdicts.Tell($"{cell.Name}: wall, × DynamoDBContext", Over(cell, AllPeers.Context, static cost => cost.WallMs), "×");
        }

        _verdicts.Print(report);
        return _verdicts.Missed;
    }

    private static double Cpu(Cost cost) => cost.CpuMs;

    private static double Memory(Cost cost) => cost.Allocated;

    private Cell? Find(string task, int items, int latency) => cells.FirstOrDefault(cell => cell.Task == task && cell.Items == items && cell.Latency == latency);

    private static Cost? Ours(Cell? cell) => cell?.Of(AllPeers.Ours);

    private static double? Over(Cell? cell, string peer, Func<Cost, double> of) =>
        Ours(cell) is { } ours && cell!.Of(peer) is { } other ? of(ours) / of(other) : null;

    private double? OverSmall(Cell? small, Func<Cost, double> of) =>
        Ours(small) is { } few && Ours(Find(CompareRun.Store, 10_000, 0)) is { } many ? of(many) / 10_000 / (of(few) / Day) : null;
}
