using System.Globalization;
using DigestStore.Benchmarks.Children;
using Microsoft.Extensions.DependencyInjection;

namespace DigestStore.Benchmarks.Promise;

/// <summary>Stores one day, registered as an application registers it, all options but the address at their defaults.</summary>
internal static class PromiseChild
{
    public const string Verb = "promise-child";

    public static string[] Arguments(Uri url, string table, DateOnly date, int items) =>
        [url.ToString(), table, date.ToString("O", CultureInfo.InvariantCulture), items.ToString(CultureInfo.InvariantCulture)];

    public static async Task<int> RunAsync(string[] args)
    {
        var date = DateOnly.ParseExact(args[3], "O", CultureInfo.InvariantCulture);
        DigestItem[] items = SampleItems.Make(ChildProcess.Number(args[4]));
        var services = new ServiceCollection();
        services.AddDigestStore(options => (options.ServiceUrl, options.TableName) = (args[1], args[2]));
        await using ServiceProvider provider = services.BuildServiceProvider();
        StoreResult result = await provider.GetRequiredService<IDigestRepository>().StoreAsync(date, items);
        ChildProcess.Say(new PromiseRecord(
            result.Duration.TotalSeconds, ProcessMemory.PeakBytes(), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, result.Cost.Requests, result.Cost.Retries, result.Status.ToString(),
            result.Failed, result.Problems.FirstOrDefault(static problem => problem.Outcome == DigestItemOutcome.Failed)?.Reason.ToString()));
        return 0;
    }
}
