using DigestStore.Benchmarks.Peers;
using DigestStore.Benchmarks.Stub;

namespace DigestStore.Benchmarks.Runs;

/// <summary>One table per cell of the comparison.</summary>
internal static class CompareReport
{
    public static void Print(Report report, Cell cell, StubDelays delays)
    {
        Cost? context = cell.Of(AllPeers.Context);
        Cost? bare = cell.Of(AllPeers.BareSdkWithIdentity) ?? cell.Of(AllPeers.BareSdk);
        Cost? raw = cell.Of(AllPeers.Raw);
        report.Line($"#### {cell.Name}");
        report.Line();
        report.Delays(cell.Latency, delays);
        report.Table(
            "client", "wall ms", "CPU ms", "B allocated per item", "requests", "round trips", "KB sent", "KB received", "wall × Context", "CPU × Context", "B × Context",
            "CPU × bare SDK", "CPU × raw", "rounds");
        foreach (string name in cell.Names)
        {
            Cost cost = cell.Of(name)!;
            report.Row(
                name, Report.Number(cost.WallMs), Report.Number(cost.CpuMs), Report.Number(cost.Allocated / cell.Items), Report.Number(cost.Requests),
                cell.Latency > 0 ? Report.Number(cost.Trips) : "–", Report.Number(cost.BytesSent / 1024), Report.Number(cost.BytesReceived / 1024),
                Report.Ratio(cost.WallMs, context?.WallMs), Report.Ratio(cost.CpuMs, context?.CpuMs), Report.Ratio(cost.Allocated, context?.Allocated),
                Report.Ratio(cost.CpuMs, bare?.CpuMs), Report.Ratio(cost.CpuMs, raw?.CpuMs), $"{cell.RoundsOf(name)}");
        }

        foreach (string name in cell.Skipped)
        {
            report.Row([name, "skipped: over 10 s", .. Enumerable.Repeat("", 11), "0"]);
        }

        report.Line();
    }
}
