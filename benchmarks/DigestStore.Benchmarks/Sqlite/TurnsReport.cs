using DigestStore.Benchmarks.Runs;

namespace DigestStore.Benchmarks.Sqlite;

/// <summary>The table of what was measured in turn: medians, and how far the rounds lie apart.</summary>
internal static class TurnsReport
{
    public static void Print(Report report, string title, Cell cell, string standard)
    {
        report.Line($"#### {title}");
        report.Line();
        report.Table("client", "wall ms, median", "least", "most", "CPU ms", "B allocated per item", $"wall × {standard}", "rounds");
        foreach (string name in cell.Names)
        {
            Cost cost = cell.Of(name)!;
            IReadOnlyList<Cost> runs = cell.RunsOf(name);
            report.Row(
                name, Report.Number(cost.WallMs), Report.Number(runs.Min(static run => run.WallMs)), Report.Number(runs.Max(static run => run.WallMs)),
                Report.Number(cost.CpuMs), Report.Number(cost.Allocated / cell.Items), Report.Ratio(cost.WallMs, cell.Of(standard)?.WallMs), $"{runs.Count}");
        }

        report.Line();
    }
}
