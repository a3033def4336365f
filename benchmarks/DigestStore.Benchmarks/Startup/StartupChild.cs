using System.Globalization;
using System.Runtime;
using Amazon.DynamoDBv2;
using DigestStore.Benchmarks.Peers;
using DigestStore.Benchmarks.Streams;
using Microsoft.Extensions.DependencyInjection;

namespace DigestStore.Benchmarks.Startup;

/// <summary>Makes a client, stores one batch, and says so.</summary>
internal static class StartupChild
{
    public const string Verb = "startup-child";
    public const string Nothing = "nothing";
    public const string Bare = "bare-SDK";
    public const string Ours = "DigestStore";
    public const string OursInContainer = "DigestStore-in-container";

    private static readonly DateOnly Date = new(2026, 11, 21);

    public static async Task<int> RunAsync(string[] args)
    {
        DigestItem[] items = SampleItems.Make(BatchPeer.BatchSize);
        switch (args[1])
        {
            case Bare:
                await StoreBareAsync(new Uri(args[2]), items);
                break;
            case Ours:
                await StoreAsync(new Uri(args[2]), items);
                break;
            case OursInContainer:
                await StoreInContainerAsync(args[2], items);
                break;
        }

        // Not by the serializer, which would take its part of the time.
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $$"""{"Methods":{{JitInfo.GetCompiledMethodCount()}},"Milliseconds":{{JitInfo.GetCompilationTime().TotalMilliseconds}}}"""));
        return 0;
    }

    private static async Task StoreBareAsync(Uri url, DigestItem[] items)
    {
        using AmazonDynamoDBClient client = SdkClient.Create(url);
        await BareStream.StoreAsync(client, Date, 0, items);
    }

    private static async Task StoreAsync(Uri url, DigestItem[] items)
    {
        using AmazonDynamoDBClient client = SdkClient.Create(url);
        using var repository = new DigestRepository(client, new DigestStoreOptions());
        (await repository.StoreAsync(Date, items)).EnsureStored();
    }

    private static async Task StoreInContainerAsync(string url, DigestItem[] items)
    {
        var services = new ServiceCollection();
        services.AddDigestStore(options => options.ServiceUrl = url);
        await using ServiceProvider provider = services.BuildServiceProvider();
        (await provider.GetRequiredService<IDigestRepository>().StoreAsync(Date, items)).EnsureStored();
    }
}
