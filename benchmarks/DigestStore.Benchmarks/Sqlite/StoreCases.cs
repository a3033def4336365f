using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Peers;
using DigestStore.Benchmarks.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace DigestStore.Benchmarks.Sqlite;

/// <summary>New items and the same items again, each peer into a file of its own; then what an item takes in each of the files.</summary>
internal sealed class StoreCases : IDisposable
{
    private const int WarmUpStores = 30;
    private const double MaxOverPlain = 1.6;
    private const double MaxMs = 100;
    private const string Standard = PlainStorePeer.Together;

    private readonly string _ourFile;
    private readonly string _plainFile;
    private readonly string _liteFile;
    private readonly DigestStorePeer _ours;
    private readonly PlainStorePeer _together;
    private readonly PlainStorePeer _single;
    private readonly LiteDbPeer _lite;
    private readonly DigestStorePeer _memory;
    private readonly Dates _dates = new();
    private int _liteItems;

    private StoreCases(string ourFile, string plainFile, string singleFile, string liteFile)
    {
        (_ourFile, _plainFile, _liteFile) = (ourFile, plainFile, liteFile);
        _ours = StoreFile.Open(ourFile);
        _together = new PlainStorePeer(plainFile, isTogether: true);
        _single = new PlainStorePeer(singleFile, isTogether: false);
        _lite = new LiteDbPeer(liteFile);
        _memory = new DigestStorePeer("DigestStore, in memory", static services => services.AddInMemoryDigestStore());
    }

    public static async Task<StoreCases> OpenAsync(string folder) => new(
        Path.Combine(folder, "store.db"),
        await StoreFile.CreateAsync(Path.Combine(folder, "plain.db")),
        await StoreFile.CreateAsync(Path.Combine(folder, "single.db")),
        Path.Combine(folder, "lite.db"));

    public async Task RunAsync(Report report, Verdicts verdicts, int count, int rounds)
    {
        await WarmUp.RunAsync([_ours, _together, _single, _lite, _memory], [], _dates, WarmUpStores);
        PeerItem[] items = PeerItem.Make(count);
        var fresh = new Cell("new", count, 0);
        await fresh.RunAsync(null, [.. new IStorePeer[] { _ours, _together, _single, _lite, _memory }.Select(peer => Contender.ToStore(peer, items, _dates))], rounds, 1, Nothing);
        TurnsReport.Print(report, $"{count:N0} new items", fresh, Standard);

        var again = new Cell("again", count, 0);
        await again.RunAsync(null, [.. new IStorePeer[] { _ours, _together, _memory }.Select(peer => Contender.ToStoreAgain(peer, items, _dates))], rounds, 1, Nothing);
        TurnsReport.Print(report, $"The same {count:N0} items again (the plain driver writes them all again)", again, Standard);

        double ours = fresh.Of(StoreFile.Name)!.WallMs;
        verdicts.AtMost($"{count:N0} new items: wall against the plain driver, one transaction", ours / fresh.Of(Standard)!.WallMs, MaxOverPlain, "×");
        verdicts.AtMost($"{count:N0} new items: wall", ours, MaxMs, " ms");
    }

    /// <summary>Closes the files and prints what is in them.</summary>
    public void PrintSizes(Report report)
    {
        _liteItems = _lite.Count;
        Dispose();
        report.Line($"#### Bytes of the file per item");
        report.Line();
        report.Line($"An item is a record of {Machine.RecordBytes():N0} bytes by DynamoDB's rules. As DynamoDB JSON, which is what the table in a file keeps, it is the payload of the first two rows.");
        report.Line();
        report.Table("file", "items", "file, MB", "bytes per item", "payload per item", "beside the payload");
        PrintSize(report, StoreFile.Name, _ourFile);
        PrintSize(report, Standard, _plainFile);
        double lite = new FileInfo(_liteFile).Length;
        report.Row("LiteDB", $"{_liteItems:N0}", Report.Number(lite / ProcessMemory.Megabyte), Report.Number(lite / _liteItems), "–", "–");
        report.Line();
    }

    public void Dispose()
    {
        _ours.Dispose();
        _together.Dispose();
        _single.Dispose();
        _lite.Dispose();
        _memory.Dispose();
    }

    private static Task Nothing() => Task.CompletedTask;

    private static void PrintSize(Report report, string name, string file)
    {
        double items = PlainConnection.Number(file, "SELECT count(*) FROM records WHERE sk LIKE 'ITEM#%'");
        double payload = PlainConnection.Number(file, "SELECT avg(length(body)) FROM records WHERE sk LIKE 'ITEM#%'");
        double bytes = new FileInfo(file).Length;
        report.Row(
            name, $"{items:N0}", Report.Number(bytes / ProcessMemory.Megabyte), Report.Number(bytes / items), Report.Number(payload), $"{Report.Number((bytes / items) - payload)} ({Report.Number(100 * ((bytes / items / payload) - 1))} %)");
    }
}
