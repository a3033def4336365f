using DigestStore.Benchmarks.Runs;

namespace DigestStore.Benchmarks.Children;

/// <summary>One line per target: what was measured, what was promised, and whether it holds.</summary>
internal sealed class Verdicts
{
    private readonly List<Verdict> _verdicts = [];

    public int Missed => _verdicts.Count(static verdict => verdict.IsMissed(verdict.Measured));

    // Null: not measured in this run.
    public void AtMost(string target, double? measured, double bound, string unit = "") => _verdicts.Add(new Verdict(target, measured, Verdict.Most, bound, unit));

    public void AtLeast(string target, double? measured, double bound, string unit = "") => _verdicts.Add(new Verdict(target, measured, Verdict.Least, bound, unit));

    /// <summary>What is told and not promised, because it depends on the machine.</summary>
    public void Tell(string figure, double? measured, string unit = "") => _verdicts.Add(new Verdict(figure, measured, "", null, unit));

    public void Print(Report report)
    {
        report.Line();
        report.Line($"#### Targets");
        report.Line();
        report.Table("target", "measured", "bound", "verdict");
        _verdicts.ForEach(verdict => report.Row(verdict.Target, verdict.Text(verdict.Measured), verdict.BoundText, verdict.Word));
        report.Line();
        RepeatedRuns.Tell(_verdicts);
    }
}
