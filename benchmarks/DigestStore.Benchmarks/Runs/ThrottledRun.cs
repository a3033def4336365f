using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Peers;
using DigestStore.Benchmarks.Stub;

namespace DigestStore.Benchmarks.Runs;

/// <summary>Many items into a table that admits few a second: how many requests, how long, and is anything lost?</summary>
internal static class ThrottledRun
{
    public const string Verb = "throttled";

    private const int Latency = 5;
    private const int Burst = 100;
    private const double MaxRequests = 1.15;
    private const double MaxTime = 1.1;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(string[] args)
    {
        var arguments = new Arguments(args);
        int count = arguments.Number("--items", 3_000);
        int rate = arguments.Number("--rate", 1_000);
        int rounds = arguments.Number("--rounds", 3);
        int needed = (count + BatchPeer.BatchSize - 1) / BatchPeer.BatchSize;
        double idealMs = (count - Burst) * 1000.0 / rate;

        var report = new Report();
        report.Line($"### `{Verb}`");
        report.Line();
        Machine.Describe(report, string.Join(' ', args));
        report.Line($"{count:N0} items into a stub that admits {rate:N0} items a second (burst {Burst}), {Latency} ms per response, {rounds} interleaved rounds. Ideal: {needed} requests in {idealMs:N0} ms.");
        report.Line();

        await using StubProcess stub = await StubProcess.StartAsync(arguments.Has(StubServer.Tls));
        using var ours = new DigestStorePeer(stub.Url);
        using var context = new ContextPeer(stub.Url);
        using var plain = new PlainRetryPeer(stub.Url, 8);
        var dates = new Dates();
        await WarmUp.RunAsync([ours, context, plain], [], dates, 30);

        PeerItem[] items = PeerItem.Make(count);
        (IStorePeer Peer, string Digest, List<Drain> Drains)[] drained =
            [(ours, DigestStoreDefaults.DigestName, []), (context, ContextPeer.Digest, []), (plain, PlainRetryPeer.Digest, [])];
        for (int round = 0; round < rounds; round++)
        {
            foreach ((IStorePeer peer, string digest, List<Drain> drains) in drained)
            {
                await stub.ConfigureAsync(new StubSettings { LatencyMilliseconds = Latency, ItemsPerSecond = rate, Burst = Burst, Forget = true });
                drains.Add(await DrainAsync(stub, peer, digest, dates.Next(), items));
            }
        }

        report.Delays(Latency, await stub.TakeDelaysAsync());
        report.Table("client", "requests", "× needed", "wall ms", "× ideal", "CPU ms", "lost");
        foreach ((IStorePeer peer, _, List<Drain> drains) in drained)
        {
            Cost cost = Cost.Median([.. drains.Select(drain => drain.Cost)]);
            report.Row(
                peer.Name, Report.Number(cost.Requests), Report.Ratio(cost.Requests, needed), Report.Number(cost.WallMs), Report.Ratio(cost.WallMs, idealMs),
                Report.Number(cost.CpuMs), $"{drains.Max(drain => drain.Lost)}");
        }

        Cost measured = Cost.Median([.. drained[0].Drains.Select(drain => drain.Cost)]);
        int lost = drained[0].Drains.Max(drain => drain.Lost);
        var verdicts = new Verdicts();
        verdicts.AtMost("requests, × needed", measured.Requests / needed, MaxRequests, "×");
        verdicts.AtMost("time, × ideal", measured.WallMs / idealMs, MaxTime, "×");
        verdicts.AtMost("items lost", lost, 0);
        verdicts.Print(report);
        report.Save(arguments.Text("--out"), Verb);
        return arguments.Has("--check") && verdicts.Missed > 0 ? 1 : 0;
    }

    private static async Task<Drain> DrainAsync(StubProcess stub, IStorePeer peer, string digest, DateOnly date, PeerItem[] items)
    {
        Cost cost = await Meter.MeasureAsync(stub, [() => peer.Prepare(date, items)().WaitAsync(Patience)]);
        using var reader = new SdkQueryPeer(stub.Url, digest);
        int stored = await reader.ReadAsync(date);
        return new Drain(cost, items.Length - stored);
    }

    private sealed record Drain(Cost Cost, int Lost);
}
