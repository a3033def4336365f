using System.Globalization;
using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Runs;

namespace DigestStore.Benchmarks.Sqlite;

/// <summary>Two processes that write into one file at the same time, each a day of its own.</summary>
internal static class WriterCases
{
    private const int Processes = 2;

    public static async Task RunAsync(Report report, Verdicts verdicts, string folder, int items, int rounds)
    {
        report.Line($"#### {Processes} processes write into one file, {items:N0} new items each, at the same time");
        report.Line();
        report.Table("client", "wall ms, median", "least", "most", "one process alone, ms", "retries, all rounds", "items that failed", "items missing", "rounds");
        var dates = new Dates();
        foreach ((string client, string name) in SqliteWriteChild.Clients)
        {
            string file = await StoreFile.CreateAsync(Path.Combine(folder, $"shared-{client}.db"));
            await using var first = new TalkingChild(SqliteWriteChild.Verb, client, file, items.ToString(CultureInfo.InvariantCulture));
            await using var second = new TalkingChild(SqliteWriteChild.Verb, client, file, items.ToString(CultureInfo.InvariantCulture));
            var both = new List<double>();
            var alone = new List<double>();
            var stores = new List<WriteRecord>();
            for (int round = 0; round < rounds; round++)
            {
                alone.Add(await MeasureAsync(stores, dates, first));
                both.Add(await MeasureAsync(stores, dates, first, second));
            }

            int failed = stores.Sum(static store => store.Failed);
            double missing = (items * stores.Count) + 1 - PlainConnection.Number(file, "SELECT count(*) FROM records WHERE sk LIKE 'ITEM#%'");
            report.Row(
                name, Report.Number(Median.Of(both, static ms => ms)), Report.Number(both.Min()), Report.Number(both.Max()), Report.Number(Median.Of(alone, static ms => ms)),
                $"{stores.Sum(static store => store.Retries)}", $"{failed}", $"{missing}", $"{rounds}");
            if (client == SqliteWriteChild.Ours)
            {
                verdicts.AtMost($"{Processes} processes: items that failed or are missing", failed + missing, 0);
            }
        }

        report.Line();
    }

    private static async Task<double> MeasureAsync(List<WriteRecord> stores, Dates dates, params TalkingChild[] children)
    {
        string[] days = [.. children.Select(_ => dates.Next().ToString("O", CultureInfo.InvariantCulture))];
        long began = TimeProvider.System.GetTimestamp();
        stores.AddRange(await Task.WhenAll(children.Zip(days, static (child, day) => child.AskAsync<WriteRecord>(day))));
        return TimeProvider.System.GetElapsedTime(began).TotalMilliseconds;
    }
}
