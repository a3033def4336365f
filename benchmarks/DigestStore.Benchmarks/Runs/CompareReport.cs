using DigestStore.Benchmarks.Peers;

namespace DigestStore.Benchmarks.Runs;

/// <summary>One table per cell of the comparison.</summary>
internal static class CompareReport
{
    public static void Print(Report report, Cell cell)
    {
        Cost? context = cell.Of(AllPeers.Context);
        Cost? limit = cell.OfLimit();
        report.Line($"#### {cell.Task}: {cell.Items:N0} items, {cell.Latency} ms per response");
        report.Line();
        report.Table(
            "client", "wall ms", "CPU ms", "B allocated per item", "requests", "KB sent", "KB received", "wall × Context", "CPU × Context", "B × Context", "wall × limit", "CPU × limit", "rounds");
        foreach (string name in cell.Names)
        {
            Cost cost = cell.Of(name)!;
            report.Row(
                name, Report.Number(cost.WallMs), Report.Number(cost.CpuMs), Report.Number(cost.Allocated / cell.Items), Report.Number(cost.Requests),
                Report.Number(cost.BytesSent / 1024), Report.Number(cost.BytesReceived / 1024),
                Report.Ratio(cost.WallMs, context?.WallMs), Report.Ratio(cost.CpuMs, context?.CpuMs), Report.Ratio(cost.Allocated, context?.Allocated),
                Report.Ratio(cost.WallMs, limit?.WallMs), Report.Ratio(cost.CpuMs, limit?.CpuMs), $"{cell.RoundsOf(name)}");
        }

        foreach (string name in cell.Skipped)
        {
            report.Row(name, "skipped: over 10 s", "", "", "", "", "", "", "", "", "", "", "0");
        }

        report.Line();
    }
}
