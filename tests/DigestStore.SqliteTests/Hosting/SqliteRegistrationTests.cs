using DigestStore.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DigestStore.SqliteTests.Hosting;

public sealed class SqliteRegistrationTests : IDisposable
{
    private static readonly DateOnly Date = new(2026, 11, 28);
    private static readonly DigestItem Link = new() { Url = "https://example.com/", Title = "A page" };
    private readonly TemporaryFile _file = new();
    private readonly ServiceCollection _services = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task One_line_registers_every_role_of_the_store_and_the_container_closes_its_file()
    {
        _services.AddSqliteDigestStore(_file.Path);
        await using (ServiceProvider provider = _services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true }))
        {
            IDigestRepository repository = provider.GetRequiredService<IDigestRepository>();
            StoreResult stored = await repository.StoreAsync(Date, [Link], cancellationToken: Token);
            DeliveryResult delivered = await provider.GetRequiredService<IDigestDelivery>().DeliverAsync(Date, [Link], static (_, _) => Task.FromResult(new DeliveryReceipt()), cancellationToken: Token);
            SentLookup sent = await provider.GetRequiredService<IDigestHistory>().FindSentAsync(Date.AddDays(1), [Link.Url], 7, Token);

            Assert.Equal((1, DeliveryOutcome.Delivered, 1), (stored.Inserted, delivered.Outcome, sent.Sent.Count));
            Assert.Equal(_file.Path, Assert.IsType<SqliteDigestRepository>(repository).Path);
            Assert.True(File.Exists(_file.Log));
        }

        Assert.Equal([_file.Path], Directory.GetFiles(_file.Folder));
        await using ServiceProvider next = _services.BuildServiceProvider();
        Assert.Equal(DeliveryStatus.Delivered, (await next.GetRequiredService<IDigestDelivery>().GetDeliveryAsync(Date, Token))?.Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_takes_the_place_of_a_DynamoDB_store_of_the_same_name_before_or_after(bool before)
    {
        if (before)
        {
            _services.AddSqliteDigestStore(_file.Path).Services.AddSqliteDigestStore("weekly", _file.Path).Services.AddDigestStore(static options => options.DigestName = "x").Services.AddDigestStore("weekly");
        }
        else
        {
            _services.AddDigestStore(static options => options.DigestName = "x").Services.AddDigestStore("weekly").Services.AddSqliteDigestStore(_file.Path).Services.AddSqliteDigestStore("weekly", _file.Path);
        }

        await using ServiceProvider provider = _services.BuildServiceProvider();
        IDigestRepository repository = Assert.Single(provider.GetServices<IDigestRepository>());
        await repository.StoreAsync(Date, [Link], cancellationToken: Token);

        Assert.IsType<SqliteDigestRepository>(repository);
        Assert.IsType<SqliteDigestRepository>(provider.GetRequiredService<IDigestDelivery>());
        Assert.IsType<SqliteDigestRepository>(provider.GetRequiredService<IDigestHistory>());
        Assert.IsType<SqliteDigestRepository>(provider.GetRequiredKeyedService<IDigestRepository>("weekly"));
        Assert.Equal("x", provider.GetRequiredService<IOptionsMonitor<DigestStoreOptions>>().CurrentValue.DigestName);
        Assert.Single(await repository.GetAsync(Date, Token));
    }

    [Fact]
    public async Task Named_stores_have_their_own_options_and_may_share_a_file()
    {
        _services.AddSqliteDigestStore("daily", _file.Path, static options => options.TableName = "daily");
        _services.AddSqliteDigestStore("weekly", _file.Path, static options => options.TableName = "weekly");
        await using ServiceProvider provider = _services.BuildServiceProvider();
        IDigestRepository daily = provider.GetRequiredKeyedService<IDigestRepository>("daily");
        IDigestRepository weekly = provider.GetRequiredKeyedService<IDigestRepository>("weekly");

        await daily.StoreAsync(Date, [Link], cancellationToken: Token);

        Assert.Single(await daily.GetAsync(Date, Token));
        Assert.Empty(await weekly.GetAsync(Date, Token));
        Assert.Null(provider.GetService<IDigestRepository>());
    }

    [Fact]
    public async Task A_reload_of_the_configuration_takes_effect_at_the_next_call()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["DigestStore:TableName"] = "first" }).Build();
        _services.AddSqliteDigestStore(_file.Path, configuration).Services.AddSqliteDigestStore("keyed", _file.Path, configuration.GetSection("DigestStore"));
        await using ServiceProvider provider = _services.BuildServiceProvider();
        IDigestRepository repository = provider.GetRequiredService<IDigestRepository>();
        await repository.StoreAsync(Date, [Link], cancellationToken: Token);
        configuration["DigestStore:TableName"] = "second";

        Assert.Single(await repository.GetAsync(Date, Token));
        configuration.Reload();
        Assert.Empty(await repository.GetAsync(Date, Token));
        Assert.Empty(await provider.GetRequiredKeyedService<IDigestRepository>("keyed").GetAsync(Date, Token));
    }

    [Fact]
    public void Registering_the_same_file_twice_changes_nothing()
    {
        IDigestStoreBuilder first = _services.AddSqliteDigestStore(_file.Path);
        IDigestStoreBuilder second = _services.AddSqliteDigestStore(Path.GetRelativePath(Environment.CurrentDirectory, _file.Path));

        Assert.Equal(("", ""), (first.Name, second.Name));
        Assert.Single(_services, static service => service.ServiceType == typeof(IDigestRepository));
    }

    [Fact]
    public void Two_files_for_one_store_are_a_mistake()
    {
        string other = Path.Combine(_file.Folder, "other.db");
        _services.AddSqliteDigestStore(_file.Path).Services.AddSqliteDigestStore("weekly", _file.Path);

        Assert.Equal(
            $"The digest store without a name is already registered with the file '{_file.Path}', so it cannot have '{other}'. Give this one another name, or register one of the two files only.",
            Assert.Throws<InvalidOperationException>(() => _services.AddSqliteDigestStore(other)).Message);
        Assert.StartsWith("The digest store 'weekly' is", Assert.Throws<InvalidOperationException>(() => _services.AddSqliteDigestStore("weekly", other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_path_is_refused_when_the_store_is_registered()
    {
        Assert.Throws<ArgumentException>(() => _services.AddSqliteDigestStore(":memory:"));
        Assert.Throws<ArgumentException>(() => _services.AddSqliteDigestStore("weekly", ""));
        Assert.Empty(_services);
    }

    [Fact]
    public async Task Letters_of_what_the_file_did_not_take_are_replayed_into_it()
    {
        string folder = Path.Combine(_file.Folder, "data");
        _services.AddSqliteDigestStore(Path.Combine(folder, "digests.db")).AddFileDeadLetters(Path.Combine(_file.Folder, "letters"));
        await using ServiceProvider provider = _services.BuildServiceProvider();
        IDigestRepository repository = provider.GetRequiredService<IDigestRepository>();

        // A file stands where the folder of the database belongs.
        await File.WriteAllTextAsync(folder, "", Token);
        StoreResult failed = await repository.StoreAsync(Date, [Link], cancellationToken: Token);
        File.Delete(folder);
        DeadLetterReplayResult replayed = await provider.GetRequiredService<DeadLetterReplay>().RunAsync(cancellationToken: Token);

        Assert.Equal((1, 1, 1), (failed.Failed, failed.DeadLettered, replayed.Stored));
        Assert.Equal(Link.Title, Assert.Single(await repository.GetAsync(Date, Token)).Item.Title);
    }

    [Fact]
    public void No_doctor_is_registered_because_it_looks_at_a_table_of_DynamoDB()
    {
        _services.AddSqliteDigestStore(_file.Path);

        Assert.DoesNotContain(_services, static service => service.ServiceType == typeof(DigestTableDoctor));
        Assert.Contains(_services, static service => service.ServiceType == typeof(DeadLetterReplay));
    }
}
