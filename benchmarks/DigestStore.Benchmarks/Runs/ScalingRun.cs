using System.Diagnostics;
using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Peers;
using DigestStore.Benchmarks.Stub;

namespace DigestStore.Benchmarks.Runs;

/// <summary>One date of more and more items: does an item cost the same?</summary>
internal static class ScalingRun
{
    public const string Verb = "scaling";

    private const double MaxOverSmall = 1.05;
    private const int MinItemsMeasured = 10_000;

    public static async Task<int> RunAsync(string[] args)
    {
        var arguments = new Arguments(args);
        int[] sizes = arguments.Numbers("--items", 200, 1_000, 10_000, 50_000, 100_000);
        int latency = arguments.Number("--latency", 0);
        int rounds = arguments.Number("--rounds", 3);

        var report = new Report();
        report.Line($"### `{Verb}`");
        report.Line();
        Machine.Describe(report, string.Join(' ', args));
        await using StubProcess stub = await StubProcess.StartAsync(arguments.Has(StubServer.Tls));
        using var ours = new DigestStorePeer(stub.Url);
        var dates = new Dates();
        await WarmUp.RunAsync([ours], [ours], dates, 30);
        await PrintAsync("new items", ours, static (peer, items, dates) => Contender.ToStore(peer, items, dates));
        Dictionary<int, Cost> again = await PrintAsync("the same items again", ours, static (peer, items, dates) => Contender.ToStoreAgain(peer, items, dates));
        var verdicts = new Verdicts();
        verdicts.AtMost("100,000 items again: CPU per item, × that of 200", again.GetValueOrDefault(100_000)?.CpuMs / again.GetValueOrDefault(200)?.CpuMs, MaxOverSmall, "×");
        verdicts.Print(report);
        report.Save(arguments.Text("--out"), Verb);
        return arguments.Has("--check") && verdicts.Missed > 0 ? 1 : 0;

        async Task<Dictionary<int, Cost>> PrintAsync(string task, IStorePeer peer, Func<IStorePeer, PeerItem[], Dates, Contender> contend)
        {
            report.Line($"DigestStore, {task}, {latency} ms per response:");
            report.Line();
            report.Table("items", "wall ms", "CPU ms", "wall µs per item", "CPU µs per item", "B allocated per item", "requests", "wall per item × the first", "CPU per item × the first", "peak memory of the process so far, MB");
            await stub.TakeDelaysAsync();
            var costs = new Dictionary<int, Cost>();
            foreach (int size in sizes)
            {
                Cost cost = PerItem(await MeasureAsync(peer, size, contend), size);
                costs[size] = cost;
                Cost first = costs[sizes[0]];
                report.Row(
                    $"{size:N0}", Report.Number(cost.WallMs * size), Report.Number(cost.CpuMs * size), Report.Number(cost.WallMs * 1000), Report.Number(cost.CpuMs * 1000),
                    Report.Number(cost.Allocated), Report.Number(cost.Requests * size), Report.Ratio(cost.WallMs, first.WallMs), Report.Ratio(cost.CpuMs, first.CpuMs), $"{PeakMegabytes()}");
            }

            report.Line();
            report.Delays(latency, await stub.TakeDelaysAsync());
            return costs;
        }

        async Task<Cost> MeasureAsync(IStorePeer peer, int size, Func<IStorePeer, PeerItem[], Dates, Contender> contend)
        {
            var costs = new List<Cost>();
            PeerItem[] items = PeerItem.Make(size);
            for (int round = 0; round < rounds; round++)
            {
                await stub.ConfigureAsync(new StubSettings { LatencyMilliseconds = latency, Forget = true });
                Contender contender = contend(peer, items, dates);
                var operations = new List<Func<Task>>();
                for (int measured = 0; measured < MinItemsMeasured; measured += size)
                {
                    operations.Add(await contender.Prepare());
                }

                costs.Add(await Meter.MeasureAsync(stub, operations));
            }

            return Cost.Median(costs);
        }
    }

    private static Cost PerItem(Cost cost, double items) => new(
        cost.WallMs / items, cost.CpuMs / items, cost.Allocated / items, cost.Requests / items, cost.Trips / items, cost.BytesSent / items, cost.BytesReceived / items);

    private static long PeakMegabytes()
    {
        using var self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64 >> 20;
    }
}
