using DigestStore.Benchmarks.Peers;
using DigestStore.Benchmarks.Stub;

namespace DigestStore.Benchmarks.Runs;

/// <summary>DigestStore beside its peers, in one interleaved run.</summary>
internal static class CompareRun
{
    public const string Verb = "compare";
    public const string Store = "Store new items";
    public const string StoreAgain = "Store the same items again";
    public const string Read = "Read a day";
    public const string ReadUnchecked = "Read a day, with and without a checksum";

    private const int Day = 200;

    public static async Task<int> RunAsync(string[] args)
    {
        var arguments = new Arguments(args);
        bool isQuick = arguments.Has("--quick");
        int[] sizes = arguments.Numbers("--items", isQuick ? [200, 1_000] : [200, 1_000, 10_000]);
        int[] latencies = arguments.Numbers("--latency", isQuick ? [0, 5] : [0, 5, 20]);
        int rounds = arguments.Number("--rounds", isQuick ? 3 : 9);

        var report = new Report();
        report.Line($"### `{Verb}`");
        report.Line();
        Machine.Describe(report, string.Join(' ', args));
        await using StubProcess stub = await StubProcess.StartAsync(arguments.Has(StubServer.Tls));
        IStorePeer[] storing = AllPeers.ToStore(stub.Url);
        IReadPeer[] reading = AllPeers.ToRead(stub.Url);
        var dates = new Dates();
        report.Line($"{await SameWorkCheck.RunAsync(stub, dates, [.. storing.OfType<SameWorkPeer>().Select(static peer => ((IStorePeer)peer, peer.Digest))])}");
        report.Line();
        await WarmUp.RunAsync(storing, reading, dates, isQuick ? 15 : 30);

        var cells = new List<Cell>();
        foreach (int latency in latencies)
        {
            foreach (int size in sizes)
            {
                PeerItem[] items = PeerItem.Make(size);
                await MeasureAsync(Store, size, latency, [.. storing.Select(peer => Contender.ToStore(peer, items, dates))]);
            }

            PeerItem[] day = PeerItem.Make(Day);
            await MeasureAsync(
                StoreAgain, Day, latency, [.. storing.Where(peer => peer is DigestStorePeer or SameWorkPeer or ContextPeer).Select(peer => Contender.ToStoreAgain(peer, day, dates))]);
            DateOnly date = dates.Next();
            foreach (IReadPeer peer in reading)
            {
                await peer.SeedAsync(date, day);
            }

            Contender[] readers = [.. reading.Select(peer => Contender.ToRead(peer, date, Day))];
            await MeasureAsync(Read, Day, latency, readers);
            if (latency == 0)
            {
                await MeasureAsync(ReadUnchecked, Day, latency, [.. readers.Where(static reader => reader.Name != AllPeers.Context).SelectMany(reader => (Contender[])[WithChecksum(reader, true), WithChecksum(reader, false)])]);
            }
        }

        int missed = new Targets(cells).Print(report);
        report.Save(arguments.Text("--out"), Verb);
        Array.ForEach(storing, static peer => peer.Dispose());
        Array.ForEach(reading, static peer => peer.Dispose());
        return arguments.Has("--check") && missed > 0 ? 1 : 0;

        async Task MeasureAsync(string task, int size, int latency, Contender[] contenders)
        {
            var cell = new Cell(task, size, latency);
            var settings = new StubSettings { LatencyMilliseconds = latency };
            await stub.ConfigureAsync(settings);
            await stub.TakeDelaysAsync();

            // What nobody will read again would only fill the stub's memory.
            Task BeforeRound() => task == Store ? stub.ConfigureAsync(settings with { Forget = true }) : Task.CompletedTask;
            await cell.RunAsync(stub, contenders, size >= 10_000 ? Math.Min(rounds, 5) : rounds, TimesFor(size, latency), BeforeRound);
            CompareReport.Print(report, cell, await stub.TakeDelaysAsync());
            cells.Add(cell);
        }

        Contender WithChecksum(Contender reader, bool isChecked) => new(isChecked ? reader.Name : Unchecked(reader.Name), 0, async () =>
        {
            await stub.ConfigureAsync(new StubSettings { Checksum = isChecked });
            return await reader.Prepare();
        });
    }

    public static string Unchecked(string client) => client + ", no checksum";

    // Some 100 ms of work in each measurement.
    private static int TimesFor(int size, int latency) => Math.Max(1, (latency == 0 ? 4_000 : 1_000) / size);
}
