using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Runs;
using DigestStore.Benchmarks.Stub;

namespace DigestStore.Benchmarks.Startup;

/// <summary>From the start of a process to its first stored batch, beside the bare SDK.</summary>
internal static class StartupRun
{
    public const string Verb = "startup";

    private const double MaxOverBare = 1.15;
    private const string ReadyToRun = " ReadyToRun";

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
        bool isAhead = Machine.IsCompiledAhead();
        string section = isAhead ? Verb + ReadyToRun : Verb;
        report.Line($"### `{section}`");
        report.Line();
        Machine.Describe(report, string.Join(' ', args), isAhead ? Machine.Published : Machine.BuiltAndRun);
        report.Line($"New processes, {rounds} rounds in turn; from the start of the process to the answer of the first batch of 25.");
        report.Line($"{(isAhead ? "Published with ReadyToRun, so that only what crosses assemblies is compiled just in time." : "All but the framework is compiled just in time.")}");
        report.Line();

        Dictionary<string, List<Start>> starts = await MeasureAsync(rounds);
        double bare = MedianOf(StartupChild.Bare);
        report.Table("client", "ms, median", "ms, least", "× bare SDK", "methods compiled", "ms compiling");
        foreach ((string client, string name) in Contenders)
        {
            report.Row(
                name,
                Report.Number(MedianOf(client)),
                Report.Number(starts[client].Min(static start => start.Milliseconds)),
                Report.Ratio(MedianOf(client), bare),
                Report.Number(Median.Of(starts[client], static start => start.Compiled.Methods)),
                Report.Number(Median.Of(starts[client], static start => start.Compiled.Milliseconds)));
        }

        var verdicts = new Verdicts();
        verdicts.AtMost("start to first stored batch against the bare SDK", MedianOf(StartupChild.Ours) / bare, MaxOverBare, "×");
        verdicts.Print(report);
        report.Save(arguments.Text("--out"), section);
        return arguments.Has("--check") && verdicts.Missed > 0 ? 1 : 0;

        double MedianOf(string client) => Median.Of(starts[client], static start => start.Milliseconds);
    }

    private static async Task<Dictionary<string, List<Start>>> MeasureAsync(int rounds)
    {
        var starts = Contenders.ToDictionary(static contender => contender.Client, static _ => new List<Start>());
        await using StubProcess stub = await StubProcess.StartAsync();

        // The first round warms the file cache, and the stub.
        for (int round = 0; round <= rounds; round++)
        {
            foreach ((string client, _) in Contenders)
            {
                await stub.ConfigureAsync(new StubSettings { Forget = true });
                (StartupRecord compiled, TimeSpan after) = await ChildProcess.RunAsync<StartupRecord>(StartupChild.Verb, [client, stub.Url.ToString()]);
                if (round > 0)
                {
                    starts[client].Add(new Start(after.TotalMilliseconds, compiled));
                }
            }
        }

        return starts;
    }

    private sealed record Start(double Milliseconds, StartupRecord Compiled);
}
