using System.Diagnostics.Metrics;
using DigestStore.UnitTests.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DigestStore.UnitTests.CloudWatch;

// Which stores of a process CloudWatchMetrics counts. Every test has tables of its own, since the meters of all tests share a name.
public sealed class CountedStoresTests : IDisposable
{
    private const string InsertedOf = "\"digeststore.store.items\":";

    private readonly List<ServiceProvider> _providers = [];

    public void Dispose() => _providers.ForEach(static provider => provider.Dispose());

    public static TheoryData<string> Factories { get; } = ["none", "scope", "no scope", "throws", "null"];

    [Theory]
    [MemberData(nameof(Factories))]
    public async Task Two_containers_of_one_process_count_their_own_stores_only_and_once(string factory)
    {
        string name = factory.Replace(' ', '-');
        using var first = new StringWriter();
        using var second = new StringWriter();
        ServiceProvider one = Container(first, $"first-{name}", factory);
        ServiceProvider two = Container(second, $"second-{name}", factory);

        await StoreAsync(one, 3);
        await StoreAsync(two, 5);
        Flush(one);
        Flush(two);

        Assert.Equal((3, 0), (Inserted(first, $"first-{name}"), Inserted(first, $"second-{name}")));
        Assert.Equal((0, 5), (Inserted(second, $"first-{name}"), Inserted(second, $"second-{name}")));
    }

    [Fact]
    public async Task Two_stores_of_one_container_are_both_counted_and_share_a_meter()
    {
        using var writer = new StringWriter();
        ServiceProvider provider = Container(writer, "default-table", "none", static services => services.AddInMemoryDigestStore("weekly", static options => options.TableName = "weekly-table"));

        await StoreAsync(provider, 2);
        await provider.GetRequiredKeyedService<IDigestRepository>("weekly").StoreAsync(Some.Date, Some.Items(4));
        Flush(provider);

        Assert.Equal((2, 4), (Inserted(writer, "default-table"), Inserted(writer, "weekly-table")));
    }

    [Fact]
    public async Task A_store_made_by_hand_counts_where_its_meter_comes_from()
    {
        using var writer = new StringWriter();
        using var processWriter = new StringWriter();
        using var process = new CloudWatchMetrics(new CloudWatchMetricsOptions { Writer = processWriter });
        ServiceProvider provider = Container(writer, "container-table", "scope");
        using var client = new ClientDouble();
        using var alone = new DigestRepository(client, new DigestStoreOptions { TableName = "alone-table" });
        using var handed = new DigestRepository(client, new DigestStoreOptions { TableName = "handed-table" }, new DigestStoreServices { MeterFactory = provider.GetRequiredService<IMeterFactory>() });

        await StoreAsync(provider, 1);
        await alone.StoreAsync(Some.Date, Some.Items(2));
        await handed.StoreAsync(Some.Date, Some.Items(3));
        Flush(provider);
        process.Flush();

        Assert.Equal((1, 0, 3), (Inserted(writer, "container-table"), Inserted(writer, "alone-table"), Inserted(writer, "handed-table")));
        Assert.Equal((1, 2, 3), (Inserted(processWriter, "container-table"), Inserted(processWriter, "alone-table"), Inserted(processWriter, "handed-table")));
    }

    [Fact]
    public async Task A_container_that_is_disposed_of_takes_nothing_from_another()
    {
        using var first = new StringWriter();
        using var second = new StringWriter();
        ServiceProvider one = Container(first, "ended-table", "none");
        ServiceProvider two = Container(second, "living-table", "none");
        await StoreAsync(one, 1);
        Flush(two);
        await one.DisposeAsync();

        await StoreAsync(two, 2);
        Flush(two);

        Assert.Equal((1, 2), (Inserted(first, "ended-table"), Inserted(second, "living-table")));
    }

    private static Task<StoreResult> StoreAsync(IServiceProvider provider, int items) => provider.GetRequiredService<IDigestRepository>().StoreAsync(Some.Date, Some.Items(items));

    private static void Flush(IServiceProvider provider) => provider.GetRequiredService<CloudWatchMetrics>().Flush();

    private static int Inserted(StringWriter writer, string table) => writer.ToString().Split('\n')
        .Where(line => line.Contains("\"outcome\":\"inserted\"", StringComparison.Ordinal) && line.Contains($"\"table\":\"{table}\"", StringComparison.Ordinal) && line.Contains(InsertedOf, StringComparison.Ordinal))
        .Sum(static line => int.Parse(line[(line.IndexOf(InsertedOf, StringComparison.Ordinal) + InsertedOf.Length)..].Split(',', '}')[0], System.Globalization.CultureInfo.InvariantCulture));

    private ServiceProvider Container(StringWriter writer, string table, string factory, Action<IServiceCollection>? more = null)
    {
        var services = new ServiceCollection();
        if (factory != "none")
        {
            services.AddSingleton<IMeterFactory>(new Meters(factory));
        }

        services.AddInMemoryDigestStore(options => options.TableName = table).AddCloudWatchMetrics(options => options.Writer = writer);
        more?.Invoke(services);
        ServiceProvider provider = services.BuildServiceProvider();
        _providers.Add(provider);
        provider.GetRequiredService<CloudWatchMetrics>();
        return provider;
    }

    // Factories as hosts may have them; the framework's own sets the scope to itself.
    private sealed class Meters(string kind) : IMeterFactory
    {
        public Meter Create(MeterOptions options) => kind switch
        {
            "scope" => new Meter(new MeterOptions(options.Name) { Version = options.Version, Scope = this }),
            "no scope" => new Meter(new MeterOptions(options.Name) { Version = options.Version }),
            "null" => null!,
            _ => throw new InvalidTimeZoneException("the host's own"),
        };

        public void Dispose()
        {
        }
    }
}
