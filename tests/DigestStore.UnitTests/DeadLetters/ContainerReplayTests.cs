using DigestStore.Testing;
using DigestStore.UnitTests.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DigestStore.UnitTests.DeadLetters;

// The replay that a container makes.
public sealed class ContainerReplayTests : IDisposable
{
    private readonly IServiceCollection _services = new ServiceCollection();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("letters-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData(ServiceLifetime.Singleton)]
    [InlineData(ServiceLifetime.Scoped)]
    public async Task A_replay_stores_past_whatever_decorates_the_repository(ServiceLifetime lifetime)
    {
        using var log = new ListLogger();
        _services.AddSingleton<ILoggerFactory>(log).AddInMemoryDigestStore().AddFileDeadLetters(_directory.FullName);
        Decorate(static (inner, _) => new RepositoryDecorator(inner), lifetime);
        await using ServiceProvider provider = Build();
        await provider.GetRequiredService<IDeadLetterSink>().WriteAsync([Letter("letter")], Token);

        DeadLetterReplayResult result = await provider.GetRequiredService<DeadLetterReplay>().RunAsync(cancellationToken: Token);

        Assert.Equal(new DeadLetterReplayResult { Letters = 1, Stored = 1 }, result);
        await using AsyncServiceScope scope = provider.CreateAsyncScope();
        var decorator = Assert.IsType<RepositoryDecorator>(scope.ServiceProvider.GetRequiredService<IDigestRepository>());
        Assert.Equal("letter", Assert.Single(await decorator.GetAsync(Some.Date, Token)).Item.Title);
        Assert.Equal(0, decorator.Stores);
        Assert.Contains(124, log.Ids);
    }

    [Fact]
    public async Task A_decorator_may_use_the_replay_of_the_store_that_it_decorates()
    {
        _services.AddInMemoryDigestStore().AddFileDeadLetters(_directory.FullName);
        Decorate(static (inner, provider) => new Replaying(inner, provider.GetRequiredService<DeadLetterReplay>()), ServiceLifetime.Singleton);
        await using ServiceProvider provider = Build();
        await provider.GetRequiredService<IDeadLetterSink>().WriteAsync([Letter("letter")], Token);

        var repository = Assert.IsType<Replaying>(provider.GetRequiredService<IDigestRepository>());

        Assert.Equal(1, (await repository.Replay.RunAsync(cancellationToken: Token)).Stored);
    }

    [Fact]
    public async Task A_named_store_has_a_replay_of_its_own_with_its_own_letters()
    {
        _services.AddInMemoryDigestStore().AddFileDeadLetters(Path.Combine(_directory.FullName, "daily"));
        _services.AddInMemoryDigestStore("weekly", static options => options.DigestName = "weekly").AddFileDeadLetters(Path.Combine(_directory.FullName, "weekly"));
        await using ServiceProvider provider = Build();
        await provider.GetRequiredKeyedService<IDeadLetterSink>("weekly").WriteAsync([Letter("of the week") with { Digest = "weekly" }, Letter("of the day")], Token);

        Assert.Equal(new DeadLetterReplayResult(), await provider.GetRequiredService<DeadLetterReplay>().RunAsync(cancellationToken: Token));
        Assert.Equal(
            new DeadLetterReplayResult { Letters = 1, Stored = 1, Foreign = 1 }, await provider.GetRequiredKeyedService<DeadLetterReplay>("weekly").RunAsync(cancellationToken: Token));
        Assert.Equal("of the week", Assert.Single(await provider.GetRequiredKeyedService<IDigestRepository>("weekly").GetAsync(Some.Date, Token)).Item.Title);
    }

    [Fact]
    public async Task A_named_store_without_letters_of_its_own_replays_those_of_the_unnamed_one()
    {
        _services.AddInMemoryDigestStore().AddFileDeadLetters(_directory.FullName);
        _services.AddInMemoryDigestStore("weekly", static options => options.DigestName = "weekly");
        await using ServiceProvider provider = Build();
        await provider.GetRequiredService<IDeadLetterSink>().WriteAsync([Letter("of the week") with { Digest = "weekly" }], Token);

        Assert.Equal(1, (await provider.GetRequiredKeyedService<DeadLetterReplay>("weekly").RunAsync(cancellationToken: Token)).Stored);
    }

    [Fact]
    public async Task A_sink_that_is_a_source_too_is_replayed_and_comes_before_the_letters_of_the_unnamed_store()
    {
        var queue = new LetterQueue();
        await queue.WriteAsync([Letter("from the queue")], Token);
        _services.AddInMemoryDigestStore().AddFileDeadLetters(_directory.FullName);
        _services.AddKeyedSingleton<IDeadLetterSink>("weekly", queue).AddInMemoryDigestStore("weekly");
        await using ServiceProvider provider = Build();

        Assert.Equal(1, (await provider.GetRequiredKeyedService<DeadLetterReplay>("weekly").RunAsync(cancellationToken: Token)).Stored);
        Assert.Empty(queue.Letters);
    }

    [Fact]
    public async Task A_repository_of_the_library_s_own_that_takes_the_store_s_place_is_replayed_into()
    {
        using var mine = new InMemoryDigestRepository();
        _services.AddDigestStore().AddFileDeadLetters(_directory.FullName).Services.AddSingleton<IDigestRepository>(mine);
        await using ServiceProvider provider = Build();
        await provider.GetRequiredService<IDeadLetterSink>().WriteAsync([Letter("letter")], Token);

        Assert.Equal(1, (await provider.GetRequiredService<DeadLetterReplay>().RunAsync(cancellationToken: Token)).Stored);
        Assert.Equal("letter", Assert.Single(await mine.GetAsync(Some.Date, Token)).Item.Title);
    }

    [Fact]
    public async Task Without_any_letters_registered_the_remedy_is_named()
    {
        _services.AddDigestStore("weekly").Services.AddSingleton<IDeadLetterSink>(new SinkDouble(works: true));
        await using ServiceProvider provider = Build();

        string message = Assert.Throws<InvalidOperationException>(() => provider.GetRequiredKeyedService<DeadLetterReplay>("weekly")).Message;

        Assert.StartsWith("There are no dead letters to replay for the digest store 'weekly', since no IDeadLetterSource is registered. Call AddFileDeadLetters", message, StringComparison.Ordinal);
    }

    private static DeadLetter Letter(string title) => new()
    {
        Item = Some.Item(1) with { Title = title },
        Table = "digests",
        Digest = "daily",
        Date = Some.Date,
        Ordinal = 0,
        IdRules = "1",
        StoreStartedAt = DateTimeOffset.UnixEpoch,
        Reason = StoreProblemReason.Throttled,
        Known = KnownRecord.Absent,
    };

    private ServiceProvider Build() => _services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });

    // As libraries for decorators do it: the descriptor that was there makes what is decorated.
    private void Decorate(Func<IDigestRepository, IServiceProvider, IDigestRepository> decorate, ServiceLifetime lifetime)
    {
        ServiceDescriptor store = _services.Last(static service => service.ServiceType == typeof(IDigestRepository));
        _services.Remove(store);
        _services.Add(new ServiceDescriptor(typeof(IDigestRepository), provider => decorate((IDigestRepository)store.ImplementationFactory!(provider), provider), lifetime));
    }

    private sealed class Replaying(IDigestRepository inner, DeadLetterReplay replay) : RepositoryDecorator(inner)
    {
        public DeadLetterReplay Replay => replay;
    }
}
