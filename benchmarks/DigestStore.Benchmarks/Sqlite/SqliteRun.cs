using System.Diagnostics;
using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Runs;
using LiteDB;
using Microsoft.Data.Sqlite;

namespace DigestStore.Benchmarks.Sqlite;

/// <summary>The table in a file beside the plain driver, LiteDB and the table in memory.</summary>
internal static class SqliteRun
{
    public const string Verb = "sqlite";

    private const int StartRounds = 15;
    private const int Flushes = 51;

    public static async Task<int> RunAsync(string[] args)
    {
        var arguments = new Arguments(args);
        int items = arguments.Number("--items", 1_000);
        int rounds = arguments.Number("--rounds", 15);
        int streamed = arguments.Number("--streamed", 1_000_000);
        string folder = Path.Combine(arguments.Text("--folder") ?? Path.GetTempPath(), $"digeststore-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        try
        {
            var report = new Report();
            var verdicts = new Verdicts();
            report.Line($"### `{Verb}`");
            report.Line();
            Machine.Describe(report, string.Join(' ', args), Machine.IsCompiledAhead() ? Machine.Published : Machine.BuiltAndRun);
            report.Line($"SQLite {PlainConnection.Version()}, Microsoft.Data.Sqlite {VersionOf(typeof(SqliteConnection))}, LiteDB {VersionOf(typeof(LiteDatabase))}; WAL and `synchronous=FULL`. The disk confirms 4 KB in {Report.Number(FlushMs(folder))} ms.");
            report.Line();
            if (IsWanted("stores"))
            {
                using StoreCases stores = await StoreCases.OpenAsync(folder);
                await stores.RunAsync(report, verdicts, items, rounds);
                stores.PrintSizes(report);
            }

            if (IsWanted("reads"))
            {
                using ReadCases reads = await ReadCases.OpenAsync(folder);
                await reads.RunAsync(report, verdicts, rounds);
            }

            if (IsWanted("writers"))
            {
                await WriterCases.RunAsync(report, verdicts, folder, items, rounds);
            }

            if (IsWanted("starts"))
            {
                await StartCases.RunAsync(report, verdicts, folder, StartRounds);
            }

            if (IsWanted("streams"))
            {
                await StreamCases.RunAsync(report, verdicts, folder, streamed);
            }

            verdicts.Print(report);
            report.Save(arguments.Text("--out"), Verb);
            return arguments.Has("--check") && verdicts.Missed > 0 ? 1 : 0;

            bool IsWanted(string part) => arguments.Text("--only") is not { } only || only == part;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string? VersionOf(Type type) => FileVersionInfo.GetVersionInfo(type.Assembly.Location).FileVersion;

    // What every commit waits for; files in the memory of the machine would take nothing.
    private static double FlushMs(string folder)
    {
        using FileStream file = File.Create(Path.Combine(folder, "flush"));
        var times = new List<double>();
        for (int flush = 0; flush < Flushes; flush++)
        {
            file.Write(new byte[4096]);
            long began = TimeProvider.System.GetTimestamp();
            file.Flush(flushToDisk: true);
            times.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
        }

        return Median.Of(times, static time => time);
    }
}
