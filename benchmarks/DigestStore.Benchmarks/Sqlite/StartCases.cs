using System.Globalization;
using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Peers;
using DigestStore.Benchmarks.Runs;
using DigestStore.Benchmarks.Startup;

namespace DigestStore.Benchmarks.Sqlite;

/// <summary>From the start of a process to its first stored day, into a file that is there already.</summary>
internal static class StartCases
{
    private const double MaxOverPlain = 1.5;

    // In the order of a round.
    private static readonly (string Client, string Name)[] Contenders =
    [
        (SqliteStartChild.Nothing, "nothing but a line on the console"),
        (SqliteStartChild.Plain, "plain driver, columns of its own"),
        (SqliteStartChild.Ours, "DigestStore, `new SqliteDigestRepository(path)`"),
        (SqliteStartChild.OursInContainer, "DigestStore, `AddSqliteDigestStore(path)`"),
    ];

    public static async Task RunAsync(Report report, Verdicts verdicts, string folder, int rounds)
    {
        bool isAhead = Machine.IsCompiledAhead();
        var starts = Contenders.ToDictionary(static contender => contender.Client, static _ => new List<(double Milliseconds, StartupRecord Compiled)>());
        var dates = new Dates();

        // The first round makes the files.
        for (int round = 0; round <= rounds; round++)
        {
            foreach ((string client, _) in Contenders)
            {
                string file = Path.Combine(folder, $"start-{client}.db");
                (StartupRecord compiled, TimeSpan after) = await ChildProcess.RunAsync<StartupRecord>(SqliteStartChild.Verb, [client, file, dates.Next().ToString("O", CultureInfo.InvariantCulture)]);
                if (round > 0)
                {
                    starts[client].Add((after.TotalMilliseconds, compiled));
                }
            }
        }

        report.Line($"#### Start of a process to its first stored {BatchPeer.BatchSize} items");
        report.Line();
        report.Line($"{(isAhead ? "Published with ReadyToRun." : "All but the framework is compiled just in time; the target is for programs that are published with ReadyToRun.")}");
        report.Line();
        report.Table("program", "ms, median", "least", "most", "× plain driver", "methods compiled", "ms compiling", "rounds");
        double plain = MedianOf(SqliteStartChild.Plain);
        foreach ((string client, string name) in Contenders)
        {
            report.Row(
                name, Report.Number(MedianOf(client)), Report.Number(starts[client].Min(static start => start.Milliseconds)), Report.Number(starts[client].Max(static start => start.Milliseconds)),
                Report.Ratio(MedianOf(client), plain), Report.Number(Median.Of(starts[client], static start => start.Compiled.Methods)), Report.Number(Median.Of(starts[client], static start => start.Compiled.Milliseconds)), $"{rounds}");
        }

        report.Line();
        if (isAhead)
        {
            verdicts.AtMost("start to the first stored items against the plain driver, both ReadyToRun", MedianOf(SqliteStartChild.Ours) / plain, MaxOverPlain, "×");
        }

        double MedianOf(string client) => Median.Of(starts[client], static start => start.Milliseconds);
    }
}
