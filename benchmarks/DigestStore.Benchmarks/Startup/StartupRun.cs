using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Runs;
using DigestStore.Benchmarks.Stub;

namespace DigestStore.Benchmarks.Startup;

/// <summary>From the start of a process to its first stored batch, beside the bare SDK with the same three requests, in all the forms that a program can be published in.</summary>
internal static class StartupRun
{
    public const string Verb = "startup";

    private const double MaxOverBare = 1.15;
    private const string Bare = "bare-SDK";
    private const string Ours = "DigestStore";

    // In the order of a round.
    private static readonly (string Client, string Name)[] Contenders =
    [
        ("nothing", "nothing but a line on the console"),
        (Bare, "SDK, the same three requests made by hand"),
        (Ours, "DigestStore, `new DigestRepository(client, …)`"),
        ("DigestStore-in-container", "DigestStore, `AddDigestStore(…)`"),
    ];

    private static readonly (StartForm Form, string Name)[] Forms =
    [
        (StartForm.JustInTime, "just in time"),
        (StartForm.ReadyToRun, "ReadyToRun"),
        (StartForm.NativeAot, "native AOT"),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        var arguments = new Arguments(args);
        int rounds = arguments.Number("--rounds", 15);
        var report = new Report();
        report.Line($"### `{Verb}`");
        report.Line();
        Machine.Describe(report, string.Join(' ', args));
        report.Line($"New processes, {rounds} rounds in turn; from the start of the process to the answer of the last of three requests (BatchGetItem, BatchWriteItem, UpdateItem), which store the first batch of 25.");
        report.Line($"*Just in time*: all but the framework is compiled at the start. *ReadyToRun*: only what crosses assemblies is. *Native AOT*: nothing is.");
        report.Line();

        using var programs = new StartPrograms();
        var made = new List<(StartForm Form, string Name)>();
        foreach ((StartForm form, string name) in Forms)
        {
            if (await programs.PublishAsync(form) is { } reason)
            {
                report.Line($"Not measured: {name}, since {reason}.");
                report.Line();
                continue;
            }

            made.Add((form, name));
        }

        Dictionary<(StartForm, string), List<Start>> starts = await MeasureAsync(programs, made, rounds);
        var verdicts = new Verdicts();
        report.Table("compiled", "client", "ms, median", "ms, least", "CPU ms", "× bare SDK", "CPU × bare SDK", "methods compiled", "ms compiling");
        foreach ((StartForm form, string name) in made)
        {
            foreach ((string client, string clientName) in Contenders)
            {
                List<Start> own = starts[(form, client)];
                report.Row(
                    name,
                    clientName,
                    Report.Number(Wall(form, client)),
                    Report.Number(own.Min(static start => start.Milliseconds)),
                    Report.Number(Cpu(form, client)),
                    Report.Ratio(Wall(form, client), Wall(form, Bare)),
                    Report.Ratio(Cpu(form, client), Cpu(form, Bare)),
                    Report.Number(Median.Of(own, static start => start.Said.Methods)),
                    Report.Number(Median.Of(own, static start => start.Said.Milliseconds)));
            }

            verdicts.AtMost($"{name}: start to first stored batch against the bare SDK", Wall(form, Ours) / Wall(form, Bare), MaxOverBare, "×");
        }

        verdicts.Print(report);
        report.Save(arguments.Text("--out"), Verb);
        return arguments.Has("--check") && verdicts.Missed > 0 ? 1 : 0;

        double Wall(StartForm form, string client) => Median.Of(starts[(form, client)], static start => start.Milliseconds);

        double Cpu(StartForm form, string client) => Median.Of(starts[(form, client)], static start => start.Said.CpuMilliseconds);
    }

    private static async Task<Dictionary<(StartForm, string), List<Start>>> MeasureAsync(StartPrograms programs, List<(StartForm Form, string Name)> forms, int rounds)
    {
        var starts = new Dictionary<(StartForm, string), List<Start>>();
        await using StubProcess stub = await StubProcess.StartAsync();

        // The first round warms the file cache, and the stub.
        for (int round = 0; round <= rounds; round++)
        {
            foreach ((StartForm form, _) in forms)
            {
                foreach ((string client, _) in Contenders)
                {
                    await stub.ConfigureAsync(new StubSettings { Forget = true });
                    (StartupRecord said, TimeSpan after) = await ChildProcess.RunAsync<StartupRecord>(programs.Describe(form, client, stub.Url));
                    if (round == 0)
                    {
                        starts[(form, client)] = [];
                        continue;
                    }

                    starts[(form, client)].Add(new Start(after.TotalMilliseconds, said));
                }
            }
        }

        return starts;
    }

    private sealed record Start(double Milliseconds, StartupRecord Said);
}
