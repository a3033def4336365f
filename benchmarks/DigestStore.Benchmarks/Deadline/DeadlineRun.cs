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
        report.Line($"{count:N0} items, stored into a table in memory; the medians of {rounds} rounds. The sink keeps what it is given in a list.");
        report.Line();
        report.Table("input", "deadline", "the caller is held", "the store takes", "stored", "failed", "given to the sink");

        DigestItem[] items = SampleItems.Make(count);
        var changeable = new List<DigestItem>(items.Select(static item => item with { Tags = new List<string>(item.Tags) }));
        (string Name, IEnumerable<DigestItem> Items, bool HasSink)[] cases =
        [
            ("array", items, false),
            ("list, tags that can change", changeable, false),
            ("array, dead-letter sink", items, true),
        ];

        // What is compiled once is not the call's.
        await MeasureAsync(items[..2_000], TimeSpan.FromSeconds(10), hasSink: true);
        await MeasureAsync(changeable[..2_000], TimeSpan.FromSeconds(10), hasSink: true);
        var verdicts = new Verdicts();
        foreach (int seconds in deadlines)
        {
            foreach ((string name, IEnumerable<DigestItem> input, bool hasSink) in cases)
            {
                var measured = new List<Measured>();
                for (int round = 0; round < rounds; round++)
                {
                    measured.Add(await MeasureAsync(input, TimeSpan.FromSeconds(seconds), hasSink));
                }

                double held = Median.Of(measured, static run => run.Held.TotalMilliseconds);
                double taken = Median.Of(measured, static run => run.Taken.TotalSeconds);
                report.Row(
                    name, $"{seconds} s", Report.Number(held) + " ms", Report.Number(taken) + " s", Report.Number(Median.Of(measured, static run => run.Result.Inserted)),
                    Report.Number(Median.Of(measured, static run => run.Result.Failed)), Report.Number(Median.Of(measured, static run => run.Result.DeadLettered)));
                verdicts.AtMost($"{name}, {seconds} s: the caller is held", held, MaxHeldMilliseconds, " ms");
                verdicts.AtMost($"{name}, {seconds} s: past the deadline", taken - seconds, MaxLateSeconds, " s");
            }
        }

        verdicts.Print(report);
        report.Save(arguments.Text("--out"), Verb);
        return arguments.Has("--check") && verdicts.Missed > 0 ? 1 : 0;
    }

    private static async Task<Measured> MeasureAsync(IEnumerable<DigestItem> items, TimeSpan deadline, bool hasSink)
    {
        using var repository = new InMemoryDigestRepository(deadLetters: hasSink ? new ListSink() : null);
        GC.Collect();
        long began = Stopwatch.GetTimestamp();
        Task<StoreResult> storing = repository.StoreAsync(new Dates().Next(), items, new StoreCallOptions { Deadline = deadline });
        TimeSpan held = Stopwatch.GetElapsedTime(began);
        StoreResult result = await storing;
        return new Measured(held, Stopwatch.GetElapsedTime(began), result);
    }

    private sealed record Measured(TimeSpan Held, TimeSpan Taken, StoreResult Result);

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
