using Amazon.DynamoDBv2;
using DigestStore.Benchmarks.Children;
using DigestStore.Benchmarks.Peers;
using Microsoft.Extensions.DependencyInjection;

namespace DigestStore.Benchmarks.Streams;

/// <summary>Stores one stream, in one of the two ways.</summary>
internal static class StreamsChild
{
    public const string Verb = "streams-child";
    public const string Ours = "DigestStore";
    public const string Bare = "bare-SDK";

    private static readonly DateOnly Date = new(2026, 11, 21);

    public static async Task<int> RunAsync(string[] args)
    {
        var url = new Uri(args[2]);
        IAsyncEnumerable<DigestItem> items = SampleItems.StreamAsync(ChildProcess.Number(args[3]));
        int atOnce = ChildProcess.Number(args[4]);
        long began = TimeProvider.System.GetTimestamp();
        await (args[1] == Ours ? StoreAsync(url, items, atOnce) : StoreBareAsync(url, items, atOnce));
        ChildProcess.Say(new StreamRecord(
            TimeProvider.System.GetElapsedTime(began).TotalSeconds, Environment.CpuUsage.TotalTime.TotalSeconds, ProcessMemory.PeakBytes(), GC.GetTotalAllocatedBytes(),
            [.. Enumerable.Range(0, GC.MaxGeneration + 1).Select(GC.CollectionCount)], GC.GetTotalPauseDuration().TotalSeconds));
        return 0;
    }

    private static async Task StoreAsync(Uri url, IAsyncEnumerable<DigestItem> items, int atOnce)
    {
        var services = new ServiceCollection();
        services.AddDigestStore(options => (options.ServiceUrl, options.MaxConcurrency) = (url.ToString(), atOnce));
        await using ServiceProvider provider = services.BuildServiceProvider();
        (await provider.GetRequiredService<IDigestRepository>().StoreAsync(Date, items)).EnsureStored();
    }

    private static async Task StoreBareAsync(Uri url, IAsyncEnumerable<DigestItem> items, int atOnce)
    {
        using AmazonDynamoDBClient client = SdkClient.Create(url);
        await BareStream.StoreAsync(client, Date, items, atOnce);
    }
}
