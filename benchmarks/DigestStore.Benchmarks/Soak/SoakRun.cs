using System.Globalization;
using Amazon.DynamoDBv2;
using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Peers;
using DigestStore.Benchmarks.Promise;
using DigestStore.Benchmarks.Runs;
using DigestStore.Benchmarks.Stub;

namespace DigestStore.Benchmarks.Soak;

/// <summary>The library's whole life for many minutes, on DynamoDB Local and on a stub with faults and outages: what fails, what is lost, what leaks.</summary>
internal static class SoakRun
{
    public const string Verb = "soak";

    private const int LivesAtOnce = 2;
    private const double MinSuccess = 99;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20);

    // What the runtime itself comes to hold by and by: compiled code, arrays of pools, timers.
    private const double MaxHeapGrowthMb = 10;
    private const double MaxResidentGrowth = 1.5;
    private const double MaxMoreHandles = 5;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length < 2 || !double.TryParse(args[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double minutes) || minutes is <= 0 or > 10_000)
        {
            await Console.Error.WriteLineAsync($"Say for how many minutes, from above 0 to 10000: {Machine.BuiltAndRun} {Verb} 30");
            return 2;
        }

        var arguments = new Arguments(args);
        var report = new Report();
        report.Line($"### `{Verb}`");
        report.Line();
        Machine.Describe(report, string.Join(' ', args));
        report.Line($"{LivesAtOnce} applications at once on each server store {SoakLife.Items} items, store them again, changed and as a stream, read, find, delete and replay, for {minutes} minutes.");
        report.Line($"DynamoDB Local is as it is. The stub leaves 10 % of the items unprocessed, throttles 2 % of the requests and takes 5 ms; every {Weather.Period.TotalSeconds} s it is down for a few.");
        report.Line();

        DirectoryInfo letters = Directory.CreateTempSubdirectory("digeststore-soak-");
        try
        {
            var verdicts = new Verdicts();
            await RunAsync(TimeSpan.FromMinutes(minutes), letters.FullName, report, verdicts);
            verdicts.Print(report);
            report.Save(arguments.Text("--out"), Verb);
            return arguments.Has("--check") && verdicts.Missed > 0 ? 1 : 0;
        }
        finally
        {
            letters.Delete(recursive: true);
        }
    }

    private static async Task RunAsync(TimeSpan duration, string letters, Report report, Verdicts verdicts)
    {
        await using LocalEngine engine = await LocalEngine.StartAsync();
        await using StubProcess stub = await StubProcess.StartAsync();
        using AmazonDynamoDBClient stubClient = SdkClient.Create(stub.Url);
        SoakServer local = new("DynamoDB Local", engine.Url, engine.Client, engine.Table, new Weather(null), letters);
        SoakServer faulty = new("stub with faults", stub.Url, stubClient, SdkClient.Table, new Weather(stub), letters);

        // The first lives load and compile what every later one uses.
        using (var warmUp = new CancellationTokenSource(WarmUp))
        {
            await Task.WhenAll(local.WarmUpAsync(warmUp.Token), faulty.WarmUpAsync(warmUp.Token));
        }

        ProcessUse before = ProcessUse.Now();
        using var end = new CancellationTokenSource(duration);
        Task[] lives = [.. Enumerable.Range(0, LivesAtOnce).SelectMany(life => (SoakServer[])[local, faulty], (life, server) => server.RunAsync($"life-{life}", end.Token))];
        await Task.WhenAll([faulty.Weather.RunAsync(end.Token), .. lives]);
        ProcessUse after = ProcessUse.Now();

        report.Table("server", "operation", "calls", "p50 ms", "p95 ms", "p99 ms", "did what it is for", "calls of days with an outage", "of them did what it is for");
        local.Book.Print(report);
        faulty.Book.Print(report);
        report.Line();
        report.Table("process, after a collection", "at the start", "at the end");
        report.Row("resident MB", Report.Number(before.ResidentMb), Report.Number(after.ResidentMb));
        report.Row("managed heap MB", Report.Number(before.HeapMb), Report.Number(after.HeapMb));
        report.Row("handles", Report.Number(before.AllHandles), Report.Number(after.AllHandles));
        report.Row("of them sockets", Report.Number(before.Sockets), Report.Number(after.Sockets));
        report.Row("threads", Report.Number(before.Threads), Report.Number(after.Threads));
        report.Line();
        report.Line($"Outages: {faulty.Weather.Outages}. The most resident memory at any time: {Report.Number(ProcessMemory.PeakBytes() / ProcessMemory.Megabyte)} MB.");

        string[] more = [.. from handle in after.Handles let grown = handle.Value - before.Handles.GetValueOrDefault(handle.Key) where grown > 0 select $"{grown} × {handle.Key}"];
        report.Line($"Handles that there are more of at the end: {(more.Length == 0 ? "none" : string.Join(", ", more))}.");

        foreach (SoakServer server in (SoakServer[])[local, faulty])
        {
            await server.JudgeAsync(report, verdicts, MinSuccess);
        }

        verdicts.AtMost("managed heap, more at the end", after.HeapMb - before.HeapMb, MaxHeapGrowthMb, " MB");
        verdicts.AtMost("resident memory against the start", after.ResidentMb / before.ResidentMb, MaxResidentGrowth, "×");
        verdicts.AtMost("handles, more at the end", after.AllHandles - before.AllHandles, MaxMoreHandles);
        verdicts.AtMost("sockets, more at the end", after.Sockets - before.Sockets, MaxMoreHandles);
    }
}
