using Amazon.DynamoDBv2;
using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Peers;
using DigestStore.Benchmarks.Runs;
using DigestStore.Benchmarks.Stub;

namespace DigestStore.Benchmarks.Promise;

/// <summary>What the README promises, each time in a new process of 512 MB: under 30 s, at least 75 % fewer requests, nothing missing.</summary>
internal static class PromiseRun
{
    public const string Verb = "promise";

    public static async Task<int> RunAsync(string[] args)
    {
        var arguments = new Arguments(args);
        int[] sizes = arguments.Numbers("--items", 200, 500);
        int rounds = arguments.Number("--rounds", 3);

        var report = new Report();
        report.Line($"### `{Verb}`");
        report.Line();
        Machine.Describe(report, string.Join(' ', args));
        report.Line($"Each row is a process of its own with a heap limit of {PromiseCase.LimitMb} MB (`DOTNET_GCHeapHardLimit`). The bad day: 30 % of the items come back unprocessed, 10 % of the requests are throttled, every answer takes 50 ms more.");
        report.Line();
        report.Table("server", "items", "status", "in the table", "store s", "process s", "peak MB", "requests", "of them retries", "saved");

        var verdicts = new Verdicts();
        await OnLocalAsync(report, verdicts, sizes, rounds);
        await OnBadDayAsync(report, verdicts, sizes, rounds);
        verdicts.Print(report);
        report.Save(arguments.Text("--out"), Verb);
        return verdicts.Missed > 0 ? 1 : 0;
    }

    private static async Task OnLocalAsync(Report report, Verdicts verdicts, int[] sizes, int rounds)
    {
        await using LocalEngine engine = await LocalEngine.StartAsync();
        var dates = new Dates();
        foreach (int size in sizes)
        {
            var measured = new PromiseCase("DynamoDB Local", size, verdicts, maxFailed: 0);
            for (int round = 0; round < rounds; round++)
            {
                await measured.RunAsync(report, engine.Url, engine.Client, engine.Table, dates.Next(), static () => Task.FromResult<int?>(null));
            }

            measured.Judge();
        }
    }

    private static async Task OnBadDayAsync(Report report, Verdicts verdicts, int[] sizes, int rounds)
    {
        await using StubProcess stub = await StubProcess.StartAsync();
        using AmazonDynamoDBClient client = SdkClient.Create(stub.Url);
        var dates = new Dates();
        foreach (int size in sizes)
        {
            // An item whose three attempts all meet the bad day fails, and the result says so. By chance that is one of a few hundred at most.
            var measured = new PromiseCase("bad day", size, verdicts, maxFailed: size / 100);
            for (int round = 0; round < rounds; round++)
            {
                await stub.ConfigureAsync(new StubSettings { LatencyMilliseconds = 50, UnprocessedShare = 0.3, ThrottledShare = 0.1, Seed = round + 1 });
                await measured.RunAsync(report, stub.Url, client, SdkClient.Table, dates.Next(), async () =>
                {
                    // Counted first; then the weather clears, so that looking into the table is not disturbed.
                    int requests = (await stub.TakeCountersAsync()).Requests;
                    await stub.ConfigureAsync(new StubSettings());
                    return requests;
                });
            }

            measured.Judge();
        }
    }
}
