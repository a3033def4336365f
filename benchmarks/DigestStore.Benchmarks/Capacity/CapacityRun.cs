using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Runs;

namespace DigestStore.Benchmarks.Capacity;

/// <summary>What a day costs in capacity units, as DynamoDB Local reports them, beside putting everything every time.</summary>
internal static class CapacityRun
{
    public const string Verb = "capacity";

    private const int Day = 200;
    private const int LongDay = 10_000;

    public static async Task<int> RunAsync(string[] args)
    {
        var arguments = new Arguments(args);
        var report = new Report();
        report.Line($"### `{Verb}`");
        report.Line();
        Machine.Describe(report, string.Join(' ', args));
        report.Line($"Units as DynamoDB Local reports them, indexes included; they are the same in every run. A charge is in write units: on demand, one costs what five read units cost.");
        report.Line();
        report.Table("store", "client", "requests", "write units", "read units", "charge", "× put everything");

        await using LocalEngine engine = await LocalEngine.StartAsync();
        var cases = new CapacityCases(engine, report);
        DateOnly date = new Dates().Next();
        DigestItem[] day = SampleItems.Make(Day);
        DigestItem[] longDay = SampleItems.Make(LongDay + 1);

        double first = await cases.RunAsync($"first store of {Day}", date, day);
        double again = await cases.RunAsync($"the same {Day} again", date, day);
        double changed = await cases.RunAsync($"{Day} again, every tenth changed", date, [.. day.Select(ChangeTenth)]);
        await cases.RunAsync($"first store of {LongDay}", date.AddDays(1), longDay[..LongDay]);
        double oneOnly = await cases.RunAsync($"one more to the {LongDay}, handed in alone", date.AddDays(1), longDay[LongDay..]);
        double oneOfAll = await cases.RunAsync($"one changed, handed in with all {LongDay + 1}", date.AddDays(1), [.. longDay[..LongDay], Change(longDay[LongDay])]);

        var verdicts = new Verdicts();
        verdicts.AtMost($"first store of {Day}: charge against putting everything", first, 1.05, "×");
        verdicts.AtMost($"the same {Day} again: charge against putting everything", again, 0.15, "×");
        verdicts.AtMost($"{Day} again, every tenth changed: charge against putting everything", changed, 0.25, "×");
        verdicts.AtMost($"one more to a day of {LongDay}: charge in write units", oneOnly, 4);
        verdicts.AtMost($"one of {LongDay + 1} changed: charge against putting everything", oneOfAll, 0.25, "×");
        verdicts.Print(report);
        report.Save(arguments.Text("--out"), Verb);
        return arguments.Has("--check") && verdicts.Missed > 0 ? 1 : 0;
    }

    private static DigestItem ChangeTenth(DigestItem item, int index) => index % 10 == 0 ? Change(item) : item;

    private static DigestItem Change(DigestItem item) => item with { Title = item.Title + ", corrected" };
}
