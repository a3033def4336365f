using Amazon.DynamoDBv2;
using DigestStore.UnitTests.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DigestStore.UnitTests.Configuration;

// A store over a configuration that changes under it, as a settings file does.
internal sealed class Reloaded : IDisposable
{
    private readonly ServiceProvider _provider;
    private readonly Source _source = new();

    public Reloaded((string Key, string? Value)[] values, Action<IServiceCollection>? more = null, string? name = null, string section = "DigestStore")
    {
        Section = section;
        _source.Provider.Replace(Prefixed(values));
        Root = new ConfigurationBuilder().Add(_source).AddInMemoryCollection().Build();
        IServiceCollection services = new ServiceCollection().AddSingleton<ILoggerFactory>(Log).AddSingleton<IAmazonDynamoDB>(Client);
        _ = name is null ? services.AddDigestStore(Root.GetSection(section)) : services.AddDigestStore(name, Root.GetSection(section));
        more?.Invoke(services);
        _provider = services.BuildServiceProvider();
        Name = name;
    }

    public string Section { get; }

    public string? Name { get; }

    public IConfigurationRoot Root { get; }

    public ClientDouble Client { get; } = new();

    public ListLogger Log { get; } = new();

    public IServiceProvider Services => _provider;

    public IDigestRepository Repository => Name is null ? _provider.GetRequiredService<IDigestRepository>() : _provider.GetRequiredKeyedService<IDigestRepository>(Name);

    public DigestStoreOptions Options => _provider.GetRequiredService<IOptionsMonitor<DigestStoreOptions>>().Get(Name ?? "");

    public IEnumerable<string> Told(int id) => Log.Messages.Where(entry => entry.Id == id).Select(static entry => entry.Message);

    // What a host does before it starts anything.
    public void Start() => _provider.GetRequiredService<IStartupValidator>().Validate();

    // The whole content anew, as when a file is written again. What the options framework throws at whoever reloads is not the store's.
    public void Reload(params (string Key, string? Value)[] values)
    {
        _source.Provider.Replace(Prefixed(values));
        _ = Record.Exception(_source.Provider.Changed);
    }

    public Task<StoreResult> StoreAsync(int items = 1) => Repository.StoreAsync(Some.Date, Some.Items(items));

    public async Task<StoreStatus> StatusAsync() => (await StoreAsync()).Status;

    public void Dispose()
    {
        _provider.Dispose();
        Client.Dispose();
        Log.Dispose();
    }

    private Dictionary<string, string?> Prefixed((string Key, string? Value)[] values) =>
        values.ToDictionary(value => $"{Section}:{value.Key}", static value => value.Value, StringComparer.OrdinalIgnoreCase);

    private sealed class Source : IConfigurationSource
    {
        public File Provider { get; } = new();

        public IConfigurationProvider Build(IConfigurationBuilder builder) => Provider;
    }

    private sealed class File : ConfigurationProvider
    {
        public void Replace(Dictionary<string, string?> data) => Data = data;

        public void Changed() => OnReload();
    }
}
