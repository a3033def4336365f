using System.Globalization;
using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Runs;
using DigestStore.Benchmarks.Stub;

namespace DigestStore.Benchmarks.Streams;

/// <summary>A stream of a million items beside the bare SDK at the same concurrency, each in a process of its own.</summary>
internal static class StreamsRun
{
    public const string Verb = "streams";

    private const double MaxPeakMb = 120;
    private const double MinThroughput = 0.9;

    public static async Task<int> RunAsync(string[] args)
    {
        var arguments = new Arguments(args);
        int items = arguments.Number("--items", 1_000_000);
        int rounds = arguments.Number("--rounds", 3);
        int atOnce = arguments.Number("--at-once", DigestStoreDefaults.MaxConcurrency);

        var report = new Report();
        report.Line($"### `{Verb}`");
        report.Line();
        Machine.Describe(report, string.Join(' ', args));
        report.Line($"{items:N0} items from one generator through {atOnce} requests at once; medians of {rounds} rounds, the peaks the largest. The stub counts the items and keeps none.");
        report.Line();

        var ours = new List<StreamRecord>();
        var bare = new List<StreamRecord>();
        await using StubProcess stub = await StubProcess.StartAsync();
        for (int round = 0; round < rounds; round++)
        {
            ours.Add(await MeasureAsync(stub, StreamsChild.Ours, items, atOnce));
            bare.Add(await MeasureAsync(stub, StreamsChild.Bare, items, atOnce));
        }

        report.Table("client", "items a second", "peak MB", "CPU µs per item", "B allocated per item", "collections of gen 0, 1, 2", "s paused by them");
        Print(report, "DigestStore, `IAsyncEnumerable`", ours, items);
        Print(report, "SDK BatchWriteItem, 25s, mapped by hand", bare, items);

        var verdicts = new Verdicts();
        verdicts.AtMost($"{items:N0} items: peak resident size", PeakMb(ours), MaxPeakMb, " MB");
        verdicts.AtLeast($"{items:N0} items: throughput against the bare SDK", Throughput(ours, items) / Throughput(bare, items), MinThroughput, "×");
        verdicts.Print(report);
        report.Save(arguments.Text("--out"), Verb);
        return arguments.Has("--check") && verdicts.Missed > 0 ? 1 : 0;
    }

    private static async Task<StreamRecord> MeasureAsync(StubProcess stub, string client, int items, int atOnce)
    {
        await stub.ConfigureAsync(new StubSettings { Forget = true, Discard = true });
        string[] arguments = [client, stub.Url.ToString(), items.ToString(CultureInfo.InvariantCulture), atOnce.ToString(CultureInfo.InvariantCulture)];
        (StreamRecord run, _) = await ChildProcess.RunAsync<StreamRecord>(StreamsChild.Verb, arguments);
        int accepted = (await stub.TakeCountersAsync()).Accepted;
        return accepted == items ? run : throw new InvalidOperationException($"{client} has stored {accepted} items of {items}.");
    }

    private static void Print(Report report, string name, List<StreamRecord> runs, int items) => report.Row(
        name, Report.Number(Throughput(runs, items)), Report.Number(PeakMb(runs)),
        Report.Number(Median.Of(runs, run => 1e6 * run.CpuSeconds / items)), Report.Number(Median.Of(runs, run => (double)run.AllocatedBytes / items)),
        // A collection of a generation is counted for the younger ones too.
        string.Join(", ", Enumerable.Range(0, GC.MaxGeneration + 1).Select(generation => Report.Number(Median.Of(runs, run => run.Collections![generation])))),
        Report.Number(Median.Of(runs, static run => run.PausedSeconds)));

    private static double Throughput(List<StreamRecord> runs, int items) => items / Median.Of(runs, static run => run.Seconds);

    private static double PeakMb(List<StreamRecord> runs) => runs.Max(static run => run.PeakBytes) / ProcessMemory.Megabyte;
}
