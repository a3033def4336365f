using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DigestStore.Benchmarks.Peers;

/// <summary>DigestStore as an application registers it, with all telemetry on.</summary>
internal sealed class DigestStorePeer : IStorePeer, IReadPeer
{
    // Long, for the largest days on slow machines; it takes no time of its own.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    // One for all stores: two would each hear everything.
    private static readonly AllTelemetry Telemetry = new();

    private readonly ServiceProvider _services;
    private readonly IDigestRepository _repository;

    /// <summary>On DynamoDB, or what imitates it, with a client of its own.</summary>
    public DigestStorePeer(Uri url)
        : this(AllPeers.Ours, services => services.AddDigestStore(options => (options.ServiceUrl, options.Deadline) = (url.ToString(), Deadline)))
    {
    }

    /// <summary>On the table that <paramref name="add"/> registers.</summary>
    public DigestStorePeer(string name, Action<IServiceCollection> add)
    {
        Name = name;
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(Telemetry);
        add(services);
        _services = services.BuildServiceProvider();
        _repository = _services.GetRequiredService<IDigestRepository>();
    }

    public string Name { get; }

    public IDigestHistory History => _services.GetRequiredService<IDigestHistory>();

    public Func<Task> Prepare(DateOnly date, PeerItem[] items)
    {
        DigestItem[] inputs = [.. items.Select(item => item.Item)];
        return () => StoreAsync(date, inputs);
    }

    public async Task<StoreResult> StoreAsync(DateOnly date, IReadOnlyCollection<DigestItem> items) => RequireWhole(await _repository.StoreAsync(date, items));

    public async Task<StoreResult> StoreAsync(DateOnly date, IAsyncEnumerable<DigestItem> items) => RequireWhole(await _repository.StoreAsync(date, items));

    public Task SeedAsync(DateOnly date, PeerItem[] items) => Prepare(date, items)();

    public async Task<int> ReadAsync(DateOnly date) => (await _repository.GetAsync(date)).Count;

    public void Dispose() => _services.Dispose();

    private static StoreResult RequireWhole(StoreResult result)
    {
        result.EnsureStored();
        return result.Problems.Count == 0 ? result : throw new InvalidOperationException(result.Problems[0].Message);
    }
}
