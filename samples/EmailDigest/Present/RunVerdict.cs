namespace EmailDigest.Present;

/// <summary>Whether a run is worse than those before it, and in what.</summary>
internal static class RunVerdict
{
    /// <summary>With fewer runs before, there is no verdict.</summary>
    public const int MinCompared = 3;
    private const int MaxCompared = 20;

    // Beyond the median by half as much again, and by a step that is not chance.
    private const double Margin = 1.5;

    private static readonly Measure[] Measures =
    [
        new("time", 200, run => run.Milliseconds),
        new("requests", 2, run => run.Requests - run.Retries), // A retry is told once.
        new("retries", 2, run => run.Retries),
        new("units", 5, run => run.Units),
        new("rejected", 2, run => run.Rejected),
    ];

    public static string Of(RunRecord run, IEnumerable<RunRecord> earlier)
    {
        RunRecord[] sameStore = [.. earlier.Where(before => before.Store == run.Store)];
        return run.Status == nameof(StoreStatus.Stored)
            ? OfStored(run, [.. sameStore.Where(before => IsComparable(before, run)).TakeLast(MaxCompared)])
            : OfUnstored(run, [.. sameStore.TakeLast(MaxCompared)]);
    }

    // An outage is fast, and a repetition writes nothing: neither is a yardstick for a first store.
    private static bool IsComparable(RunRecord before, RunRecord run) =>
        before.Status == nameof(StoreStatus.Stored) && before.Kind == run.Kind &&
        before.Received <= 2L * run.Received && run.Received <= 2L * before.Received;

    private static string OfStored(RunRecord run, RunRecord[] before)
    {
        if (before.Length < MinCompared)
        {
            return TooFew(before.Length, WordsOf(run.Kind, before.Length) + " of about as many items");
        }

        string numbers = string.Create(
            CultureInfo.InvariantCulture,
            $"{run.Milliseconds:N0} ms ({Median(before, earlier => earlier.Milliseconds):N0}), {run.Requests} requests ({Median(before, earlier => earlier.Requests):0.#}), {run.Retries} retries ({Median(before, earlier => earlier.Retries):0.#}), {run.Units:0.#} units ({Median(before, earlier => earlier.Units):0.#}), {run.Rejected} rejected ({Median(before, earlier => earlier.Rejected):0.#})");
        string worse = string.Join(", ", Measures.Where(measure => IsBeyond(measure.Of(run), Median(before, measure.Of), measure.Step)).Select(measure => measure.Name));
        string better = string.Join(", ", Measures.Where(measure => IsBeyond(Median(before, measure.Of), measure.Of(run), measure.Step)).Select(measure => measure.Name));
        string verdict = worse.Length > 0 ? $"Worse: {worse}." : better.Length > 0 ? $"Better: {better}." : "As usual.";
        return $"Against the median of {before.Length} earlier {WordsOf(run.Kind, before.Length)}: {numbers}. {verdict}";
    }

    private static string OfUnstored(RunRecord run, RunRecord[] before)
    {
        int stored = before.Count(earlier => earlier.Status == nameof(StoreStatus.Stored));
        string what = run.Kind == StoreKind.NothingStored ? "nothing is stored" : "not everything is stored";
        return before.Length < MinCompared ? TooFew(before.Length, before.Length == 1 ? "run" : "runs") : $"Of {before.Length} earlier runs, {stored} stored everything. {(2 * stored >= before.Length ? "Worse" : "As bad as before")}: {what}.";
    }

    private static string TooFew(int count, string what) =>
        $"{(count == 0 ? "No" : count.ToString(CultureInfo.InvariantCulture))} earlier {what} to compare with; it takes {MinCompared} to say whether it is getting worse.";

    private static bool IsBeyond(double number, double yardstick, double step) => number >= yardstick + step && number > yardstick * Margin;

    private static string WordsOf(StoreKind kind, int count) =>
        $"{(kind == StoreKind.First ? "first" : kind == StoreKind.Repeated ? "repeated" : "partly new")} {(count == 1 ? "store" : "stores")}";

    private static double Median(RunRecord[] runs, Func<RunRecord, double> number)
    {
        double[] sorted = [.. runs.Select(number).Order()];
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }

    private sealed record Measure(string Name, double Step, Func<RunRecord, double> Of);
}
