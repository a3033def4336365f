using System.Globalization;
using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Peers;
using DigestStore.Benchmarks.Runs;
using DigestStore.Benchmarks.Streams;

namespace DigestStore.Benchmarks.Sqlite;

/// <summary>Many items read back as a stream, each time in a process of its own: as one day, and as many.</summary>
internal static class StreamCases
{
    private const int ItemsADay = 500;
    private const int ItemsATransaction = 20_000;
    private const double MaxPeakMb = 128;

    public static async Task RunAsync(Report report, Verdicts verdicts, string folder, int items)
    {
        string file = await StoreFile.CreateAsync(Path.Combine(folder, "stream.db"));
        int days = items / ItemsADay;
        await FillDayAsync(file, items);
        await FillDaysAsync(file, days);

        report.Line($"#### {items:N0} items as a stream");
        report.Line();
        report.Line($"A file of {new FileInfo(file).Length / ProcessMemory.Megabyte:N0} MB, filled by the plain driver, has so many in one day, and once more in {days:N0} days of {ItemsADay}.");
        report.Line();
        report.Table("client, in a process of its own", "items a second", "peak MB", "CPU µs per item", "B allocated per item");
        foreach ((string client, string name) in SqliteReadChild.Clients)
        {
            int count = client == SqliteReadChild.Days ? days * ItemsADay : items;
            (StreamRecord run, _) = await ChildProcess.RunAsync<StreamRecord>(SqliteReadChild.Verb, [client, file, count.ToString(CultureInfo.InvariantCulture)]);
            double peak = run.PeakBytes / ProcessMemory.Megabyte;
            report.Row(name, Report.Number(count / run.Seconds), Report.Number(peak), Report.Number(1e6 * run.CpuSeconds / count), Report.Number((double)run.AllocatedBytes / count));
            if (client != SqliteReadChild.Plain)
            {
                verdicts.AtMost($"{count:N0} items, {name}: peak resident size", peak, MaxPeakMb, " MB");
            }
        }

        report.Line();
    }

    // In the order of the keys, so that each page of the file is written once.
    private static async Task FillDayAsync(string file, int items)
    {
        int[] numbers = [.. Enumerable.Range(0, items)];
        string[] ids = [.. numbers.Select(static number => PeerItem.Of([SampleItems.One(number)])[0].Id)];
        Array.Sort(ids, numbers, StringComparer.Ordinal);
        using var peer = new PlainStorePeer(file, isTogether: true);
        foreach (int[] chunk in numbers.Chunk(ItemsATransaction))
        {
            await peer.Prepare(SqliteReadChild.Date, PeerItem.Of([.. chunk.Select(SampleItems.One)]))();
        }
    }

    private static async Task FillDaysAsync(string file, int days)
    {
        PeerItem[] items = PeerItem.Make(ItemsADay);
        using var peer = new PlainStorePeer(file, isTogether: true, SqliteReadChild.DigestOfDays);
        for (int day = 0; day < days; day++)
        {
            await peer.Prepare(SqliteReadChild.Date.AddDays(day), items)();
        }
    }
}
