using System.Diagnostics;
using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Runs;
using DigestStore.Testing;

namespace DigestStore.Benchmarks.Deadline;

/// <summary>How long a collection of a million items holds its caller, and how far past its deadline a store of it ends.</summary>
internal static class DeadlineRun
{
    public const string Verb = "deadline";

    private const double MaxHeldMilliseconds = 50;
    private const double MaxLateSeconds = 0.5;

    public static async Task<int> RunAsync(string[] args)
    {
        var arguments = new Arguments(args);
        int count = arguments.Number("--items", 1_000_000);
        int rounds = arguments.Number("--rounds", 3);
        int[] deadlines = arguments.Numbers("--deadlines", 1);

        var report = new Report();
        report.Line($"### `{Verb}`");
        report.Line();
        Machine.Describe(report, string.Join(' ', args));
        report.Line($"{count:N0} items, stored into a table in memory, whose records stay in this process's heap; the medians of {rounds} rounds.");
        report.Line($"One sink keeps its letters in a list, the other is a `FileDeadLetterSink`. \"Works\" is CPU time of the caller's thread, \"computes\" that of the process after");
        report.Line($"the deadline; \"collector\" is what pauses took then, and \"stood still\" how long a thread of the process waited to run, pauses included. The first write to a page of memory takes {FreshMemory.MicrosecondsPerPage():0.0} µs here.");
        report.Line();
        report.Table("input", "deadline", "the caller is held", "its thread works", "the store takes", "past the deadline", "computes", "collector", "stood still", "stored", "failed", "given to the sink");

        DigestItem[] items = SampleItems.Make(count);
        var changeable = new List<DigestItem>(items.Select(static item => item with { Tags = new List<string>(item.Tags) }));
        (string Name, IEnumerable<DigestItem> Items, Func<TestSink?> Sink)[] cases =
        [
            ("array", items, static () => null),
            ("list, tags that can change", changeable, static () => null),
            ("array, dead letters in a list", items, static () => new TestSink(new ListSink())),
            ("array, dead letters in files", items, TestSink.OfFiles),
        ];

        // What is compiled once is not the call's.
        await MeasureAsync(items[..2_000], TimeSpan.FromSeconds(10), new TestSink(new ListSink()));
        await MeasureAsync(changeable[..2_000], TimeSpan.FromSeconds(10), TestSink.OfFiles());
        var verdicts = new Verdicts();
        foreach (int seconds in deadlines)
        {
            foreach ((string name, IEnumerable<DigestItem> input, Func<TestSink?> sink) in cases)
            {
                var measured = new List<Measured>();
                for (int round = 0; round < rounds; round++)
                {
                    measured.Add(await MeasureAsync(input, TimeSpan.FromSeconds(seconds), sink()));
                }

                double worked = Median.Of(measured, static run => run.Worked.TotalMilliseconds);
                double late = Median.Of(measured, run => run.Taken.TotalSeconds - seconds);
                double computed = Median.Of(measured, static run => run.Computed.TotalSeconds);
                double still = Median.Of(measured, static run => run.StoodStill.TotalSeconds);
                report.Row(
                    name, $"{seconds} s", Report.Number(Median.Of(measured, static run => run.Held.TotalMilliseconds)) + " ms", Report.Number(worked) + " ms", Report.Number(seconds + late) + " s", Report.Number(late) + " s",
                    Report.Number(computed) + " s", Report.Number(Median.Of(measured, static run => run.Paused.TotalSeconds)) + " s", Report.Number(still) + " s",
                    Report.Number(Median.Of(measured, static run => run.Result.Inserted)),
                    Report.Number(Median.Of(measured, static run => run.Result.Failed)), Report.Number(Median.Of(measured, static run => run.Result.DeadLettered)));
                verdicts.AtMost($"{name}, {seconds} s: the thread of the caller works", worked, MaxHeldMilliseconds, " ms");
                verdicts.AtMost($"{name}, {seconds} s: CPU time of the process after the deadline", computed, MaxLateSeconds, " s");
                verdicts.AtMost(
                    $"{name}, {seconds} s: past the deadline, less what the process stood still",
                    Median.Of(measured, run => run.Taken.TotalSeconds - seconds - run.StoodStill.TotalSeconds), MaxLateSeconds, " s");
            }
        }

        verdicts.Print(report);
        report.Save(arguments.Text("--out"), Verb);
        return arguments.Has("--check") && verdicts.Missed > 0 ? 1 : 0;
    }

    private static async Task<Measured> MeasureAsync(IEnumerable<DigestItem> items, TimeSpan deadline, TestSink? sink)
    {
        using TestSink? owned = sink;
        using var repository = new InMemoryDigestRepository(services: new DigestStoreServices { DeadLetters = sink?.Sink });
        GC.Collect();
        var heartbeat = new Heartbeat(deadline);
        TimeSpan workedBefore = ThreadTime.Now;
        long began = Stopwatch.GetTimestamp();
        Task<StoreResult> storing = repository.StoreAsync(new Dates().Next(), items, new StoreCallOptions { Deadline = deadline });
        TimeSpan held = Stopwatch.GetElapsedTime(began);
        TimeSpan worked = ThreadTime.Now - workedBefore;
        StoreResult result = await storing;
        TimeSpan taken = Stopwatch.GetElapsedTime(began);
        (TimeSpan paused, TimeSpan computed) = (GC.GetTotalPauseDuration(), Environment.CpuUsage.TotalTime);
        heartbeat.Dispose();
        return new Measured(held, worked, taken, paused - heartbeat.PausedBefore, computed - heartbeat.ComputedBefore, heartbeat.StoodStill, result);
    }

    private sealed record Measured(TimeSpan Held, TimeSpan Worked, TimeSpan Taken, TimeSpan Paused, TimeSpan Computed, TimeSpan StoodStill, StoreResult Result);

    private sealed class ListSink : IDeadLetterSink
    {
        private readonly List<DeadLetter> _letters = [];

        public Task WriteAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken = default)
        {
            _letters.AddRange(letters);
            return Task.CompletedTask;
        }
    }
}
