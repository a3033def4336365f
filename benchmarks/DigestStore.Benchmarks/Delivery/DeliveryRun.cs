using DigestStore.Benchmarks.Capacity;
using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Runs;
using DigestStore.Benchmarks.Stub;

namespace DigestStore.Benchmarks.Delivery;

/// <summary>What one day of delivery and of "was this sent before?" costs, beside what people write by hand, and what a lease costs beside a bare update.</summary>
internal static class DeliveryRun
{
    public const string Verb = "delivery";

    private static readonly int[] DefaultSpans = [7, 30, 365];

    public static async Task<int> RunAsync(string[] args)
    {
        var arguments = new Arguments(args);
        int[] counts = arguments.Numbers("--items", 5, 200, 500);
        int[] spans = arguments.Numbers("--days", DefaultSpans);
        var report = new Report();
        report.Line($"### `{Verb}`");
        report.Line();
        Machine.Describe(report, string.Join(' ', args));
        var verdicts = new Verdicts();
        await RunUnitsAsync(report, verdicts, counts, spans);
        await RunLeasesAsync(report, verdicts, arguments.Number("--rounds", 9));
        verdicts.Print(report);
        report.Save(arguments.Text("--out"), Verb);
        return arguments.Has("--check") && verdicts.Missed > 0 ? 1 : 0;
    }

    private static async Task RunUnitsAsync(Report report, Verdicts verdicts, int[] counts, int[] spans)
    {
        report.Line($"One day: look up which of the items were sent in the last days, send, remember what was sent. Units as DynamoDB Local reports them, indexes included. A charge is in write units, as for `capacity`.");
        report.Line($"DigestStore also holds the lease of the day and records the status; the other two do neither. AWS charges for keys that are not there, which DynamoDB Local does not: add 1 read unit for each new URL to the markers.");
        report.Line($"The days' items are read from {PlainHistory.FilledDays} days with items, in turn. They were stored anyway, so nothing is written to remember them.");
        report.Line();
        report.Table("items", "days", "client", "look-up: requests", "read units", "send and remember: requests", "write units", "read units", "charge");
        await using LocalEngine engine = await LocalEngine.StartAsync();
        using var cases = new DeliveryCases(engine, report);
        foreach (int count in counts)
        {
            await cases.RunAsync(count, spans);
        }

        foreach (((int items, int days), CapacityCost cost) in cases.Lookups)
        {
            // The promises of docs/history.md.
            if ((items, days) == (200, 30))
            {
                verdicts.AtMost("200 items against 30 days: requests", cost.Requests, 1);
                verdicts.AtMost("200 items against 30 days: read units", cost.ReadUnits, 30);
            }
            else if ((items, days) == (500, 365))
            {
                verdicts.AtMost("500 items against 365 days: requests", cost.Requests, 4);
            }
        }

        foreach ((int items, CapacityCost cost) in cases.Deliveries)
        {
            verdicts.AtMost($"first delivery of {items} items: requests", cost.Requests, 5);
        }
    }

    private static async Task RunLeasesAsync(Report report, Verdicts verdicts, int rounds)
    {
        await using StubProcess stub = await StubProcess.StartAsync();
        using var cases = new LeaseCases(stub);
        (Cost acquire, Cost complete, Cost bareAcquire, Cost bareComplete) = await cases.RunAsync(rounds);
        report.Line();
        report.Line($"Acquire (the update, and the read of what was announced) and complete (the manifest, and the header) beside one bare conditional UpdateItem of the plain SDK, on the imitation of DynamoDB; medians of {rounds} rounds.");
        report.Line();
        report.Table("step", "client", "requests", "CPU ms", "allocated KB", "CPU × bare", "allocated × bare", "CPU ms a request");
        Print(report, "acquire", "DigestStore", acquire, bareAcquire);
        Print(report, "acquire", "bare UpdateItem", bareAcquire, bareAcquire);
        Print(report, "complete", "DigestStore", complete, bareComplete);
        Print(report, "complete", "bare UpdateItem", bareComplete, bareComplete);
        verdicts.AtMost("acquire: requests", acquire.Requests, 2);
        verdicts.AtMost("complete: requests", complete.Requests, 2);
    }

    private static void Print(Report report, string step, string client, Cost cost, Cost bare) => report.Row(
        step, client, Report.Number(cost.Requests), Report.Number(cost.CpuMs), Report.Number(cost.Allocated / 1024), Report.Ratio(cost.CpuMs, bare.CpuMs), Report.Ratio(cost.Allocated, bare.Allocated), Report.Number(cost.CpuMs / cost.Requests));
}
