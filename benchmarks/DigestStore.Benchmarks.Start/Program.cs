using System.Globalization;
using System.Runtime;
using Amazon.DynamoDBv2;
using DigestStore;
using DigestStore.Benchmarks;
using DigestStore.Benchmarks.Peers;
using DigestStore.Benchmarks.Start;
using Microsoft.Extensions.DependencyInjection;

// Makes a client, stores one batch, and says so. The command `startup` of the other project publishes this program and starts it.
const int BatchSize = 25;
var date = new DateOnly(2026, 11, 21);
string url = args.Length > 1 ? args[1] : "";
DigestItem[] items = SampleItems.Make(BatchSize);
switch (args[0])
{
    case "bare-SDK":
        await StoreBareAsync();
        break;
    case "DigestStore":
        await StoreAsync();
        break;
    case "DigestStore-in-container":
        await StoreInContainerAsync();
        break;
}

// Not by the serializer, which would take its part of the time.
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $$"""{"Methods":{{JitInfo.GetCompiledMethodCount()}},"Milliseconds":{{JitInfo.GetCompilationTime().TotalMilliseconds}},"CpuMilliseconds":{{Environment.CpuUsage.TotalTime.TotalMilliseconds}}}"""));

async Task StoreBareAsync()
{
    using AmazonDynamoDBClient client = SdkClient.Create(new Uri(url));
    await BareStart.StoreAsync(client, date, items);
}

async Task StoreAsync()
{
    using AmazonDynamoDBClient client = SdkClient.Create(new Uri(url));
    using var repository = new DigestRepository(client, new DigestStoreOptions { TableName = SdkClient.Table });
    (await repository.StoreAsync(date, items)).EnsureStored();
}

async Task StoreInContainerAsync()
{
    var services = new ServiceCollection();
    services.AddDigestStore(options => (options.ServiceUrl, options.TableName) = (url, SdkClient.Table));
    await using ServiceProvider provider = services.BuildServiceProvider();
    (await provider.GetRequiredService<IDigestRepository>().StoreAsync(date, items)).EnsureStored();
}
