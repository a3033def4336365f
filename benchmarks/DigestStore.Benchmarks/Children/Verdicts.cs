using DigestStore.Benchmarks.Runs;

namespace DigestStore.Benchmarks.Children;

/// <summary>One line per target: what was measured, what was promised, and whether it holds.</summary>
internal sealed class Verdicts
{
    private readonly List<string[]> _rows = [];

    public int Missed { get; private set; }

    public void AtMost(string target, double measured, double bound, string unit = "") => Add(target, measured, "≤", bound, unit, measured <= bound);

    public void AtLeast(string target, double measured, double bound, string unit = "") => Add(target, measured, "≥", bound, unit, measured >= bound);

    public void Print(Report report)
    {
        report.Line();
        report.Line($"#### Targets");
        report.Line();
        report.Table("target", "measured", "bound", "verdict");
        _rows.ForEach(report.Row);
        report.Line();
    }

    // A value that is no number meets nothing.
    private void Add(string target, double measured, string sign, double bound, string unit, bool isMet)
    {
        Missed += isMet ? 0 : 1;
        _rows.Add([target, Report.Number(measured) + unit, $"{sign} {Report.Number(bound)}{unit}", isMet ? "PASS" : "MISS"]);
    }
}
