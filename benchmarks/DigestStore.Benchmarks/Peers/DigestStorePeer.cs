using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DigestStore.Benchmarks.Peers;

/// <summary>DigestStore as an application registers it, with its own client and with all telemetry on.</summary>
internal sealed class DigestStorePeer : IStorePeer, IReadPeer
{
    // Long, for the largest days on slow machines; it takes no time of its own.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    private readonly ServiceProvider _services;
    private readonly IDigestRepository _repository;

    public DigestStorePeer(Uri url)
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(_ => new AllTelemetry());
        services.AddDigestStore(options => (options.ServiceUrl, options.Deadline) = (url.ToString(), Deadline));
        _services = services.BuildServiceProvider();
        _repository = _services.GetRequiredService<IDigestRepository>();
    }

    public string Name => "DigestStore";

    public Func<Task> Prepare(DateOnly date, PeerItem[] items)
    {
        DigestItem[] inputs = [.. items.Select(item => item.Item)];
        return () => StoreAsync(date, inputs);
    }

    public async Task<StoreResult> StoreAsync(DateOnly date, IReadOnlyCollection<DigestItem> items)
    {
        StoreResult result = await _repository.StoreAsync(date, items);
        result.EnsureStored();
        return result.Problems.Count == 0 ? result : throw new InvalidOperationException(result.Problems[0].Message);
    }

    public Task SeedAsync(DateOnly date, PeerItem[] items) => Prepare(date, items)();

    public async Task<int> ReadAsync(DateOnly date) => (await _repository.GetAsync(date)).Count;

    public void Dispose() => _services.Dispose();
}
