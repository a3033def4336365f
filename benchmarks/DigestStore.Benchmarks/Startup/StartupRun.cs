using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Runs;
using DigestStore.Benchmarks.Stub;

namespace DigestStore.Benchmarks.Startup;

/// <summary>From the start of a process to its first stored batch, just-in-time compiled, beside the bare SDK.</summary>
internal static class StartupRun
{
    public const string Verb = "startup";

    private const double MaxOverBare = 1.15;

    // In the order of a round.
    private static readonly (string Client, string Name)[] Contenders =
    [
        (StartupChild.Nothing, "nothing but a line on the console"),
        (StartupChild.Bare, "SDK BatchWriteItem, mapped by hand"),
        (StartupChild.Ours, "DigestStore, `new DigestRepository(client, …)`"),
        (StartupChild.OursInContainer, "DigestStore, `AddDigestStore(…)`"),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        var arguments = new Arguments(args);
        int rounds = arguments.Number("--rounds", 15);
        var report = new Report();
        report.Line($"### `{Verb}`");
        report.Line();
        Machine.Describe(report, string.Join(' ', args));
        report.Line($"New processes, {rounds} rounds in turn; from the start of the process to the answer of the first batch of 25.");
        report.Line();

        Dictionary<string, List<double>> times = await MeasureAsync(rounds);
        double bare = MedianOf(StartupChild.Bare);
        report.Table("client", "ms, median", "ms, least", "× bare SDK");
        foreach ((string client, string name) in Contenders)
        {
            report.Row(name, Report.Number(MedianOf(client)), Report.Number(times[client].Min()), Report.Ratio(MedianOf(client), bare));
        }

        var verdicts = new Verdicts();
        verdicts.AtMost("start to first stored batch against the bare SDK", MedianOf(StartupChild.Ours) / bare, MaxOverBare, "×");
        verdicts.Print(report);
        report.Save(arguments.Text("--out"), Verb);
        return arguments.Has("--check") && verdicts.Missed > 0 ? 1 : 0;

        double MedianOf(string client) => Median.Of(times[client], static ms => ms);
    }

    private static async Task<Dictionary<string, List<double>>> MeasureAsync(int rounds)
    {
        var times = Contenders.ToDictionary(static contender => contender.Client, static _ => new List<double>());
        await using StubProcess stub = await StubProcess.StartAsync();

        // The first round warms the file cache, and the stub.
        for (int round = 0; round <= rounds; round++)
        {
            foreach ((string client, _) in Contenders)
            {
                await stub.ConfigureAsync(new StubSettings { Forget = true });
                (_, TimeSpan after) = await ChildProcess.RunAsync<bool>(StartupChild.Verb, [client, stub.Url.ToString()]);
                if (round > 0)
                {
                    times[client].Add(after.TotalMilliseconds);
                }
            }
        }

        return times;
    }
}
