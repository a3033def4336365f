using Amazon.DynamoDBv2;
using DigestStore.Testing;
using DigestStore.UnitTests.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DigestStore.UnitTests.Configuration;

public sealed class RegistrationTests
{
    private readonly ServiceCollection _services = new();

    [Fact]
    public void Without_settings_the_defaults_are_in_force()
    {
        using ServiceProvider provider = _services.AddDigestStore().Services.BuildServiceProvider();

        Assert.IsType<DigestRepository>(provider.GetRequiredService<IDigestRepository>());
        Assert.Same(provider.GetRequiredService<IDigestRepository>(), provider.GetRequiredService<IDigestRepository>());
        Assert.Equal("digests", Options(provider).TableName);
    }

    [Fact]
    public void The_history_is_the_store_s_own_also_for_a_named_store_and_in_memory()
    {
        _services.AddDigestStore();
        using ServiceProvider provider = _services.AddDigestStore("archive").Services.BuildServiceProvider();
        _services.AddInMemoryDigestStore();
        using ServiceProvider inMemory = _services.AddInMemoryDigestStore("archive").Services.BuildServiceProvider();

        Assert.Same(provider.GetRequiredService<IDigestRepository>(), provider.GetRequiredService<IDigestHistory>());
        Assert.Same(provider.GetRequiredKeyedService<IDigestRepository>("archive"), provider.GetRequiredKeyedService<IDigestHistory>("archive"));
        Assert.Same(inMemory.GetRequiredService<IDigestRepository>(), inMemory.GetRequiredService<IDigestHistory>());
        Assert.Same(inMemory.GetRequiredKeyedService<IDigestRepository>("archive"), Assert.IsType<InMemoryDigestRepository>(inMemory.GetRequiredKeyedService<IDigestHistory>("archive")));
    }

    [Fact]
    public void Settings_in_code_add_up()
    {
        _services.AddDigestStore(static options => (options.TableName, options.BatchSize) = ("first", 5));
        using ServiceProvider provider = _services.AddDigestStore(static options => options.TableName = "second").Services.BuildServiceProvider();

        Assert.Equal(("second", 5), (Options(provider).TableName, Options(provider).BatchSize));
        Assert.Single(provider.GetServices<IDigestRepository>());
    }

    [Fact]
    public void A_section_and_a_whole_configuration_are_taken_alike()
    {
        IConfigurationRoot configuration = Configuration(("DigestStore:TableName", "from-section"), ("DigestStore:Retention", "30.00:00:00"), ("TableName", "from-root"));

        using ServiceProvider section = new ServiceCollection().AddDigestStore(configuration.GetSection("DigestStore")).Services.BuildServiceProvider();
        using ServiceProvider whole = new ServiceCollection().AddDigestStore(configuration).Services.BuildServiceProvider();

        Assert.Equal(("from-section", TimeSpan.FromDays(30)), (Options(section).TableName, Options(section).Retention));
        Assert.Equal(("from-section", TimeSpan.FromDays(30)), (Options(whole).TableName, Options(whole).Retention));
    }

    [Fact]
    public void A_configuration_without_the_section_is_the_section()
    {
        using ServiceProvider provider = _services.AddDigestStore(Configuration(("TableName", "from-root"))).Services.BuildServiceProvider();

        Assert.Equal("from-root", Options(provider).TableName);
    }

    [Fact]
    public void The_identity_rules_are_bound()
    {
        using ServiceProvider provider = _services.AddDigestStore(Configuration(
            ("DigestStore:Identity:DropWww", "false"), ("DigestStore:Identity:AdditionalTrackingParameters:0", "ref"))).Services.BuildServiceProvider();

        Assert.False(Options(provider).Identity.DropWww);
        Assert.Equal(["ref"], Options(provider).Identity.AdditionalTrackingParameters);
    }

    [Fact]
    public async Task A_reload_switches_the_store_off_and_on()
    {
        IConfigurationRoot configuration = Configuration(("DigestStore:Enabled", "true"));
        using var client = new ClientDouble();
        using ServiceProvider provider = _services.AddSingleton<IAmazonDynamoDB>(client).AddDigestStore(configuration).Services.BuildServiceProvider();
        IDigestRepository repository = provider.GetRequiredService<IDigestRepository>();
        Assert.Equal(StoreStatus.Stored, (await repository.StoreAsync(Some.Date, Some.Items(1))).Status);
        int requests = client.Requests;

        configuration["DigestStore:Enabled"] = "false";
        configuration.Reload();
        StoreResult off = await repository.StoreAsync(Some.Date, Some.Items(3));
        DigestStoreException read = await Assert.ThrowsAsync<DigestStoreException>(() => repository.GetAsync(Some.Date));
        configuration["DigestStore:Enabled"] = "true";
        configuration.Reload();
        StoreResult on = await repository.StoreAsync(Some.Date, Some.Items(1));

        Assert.Equal((StoreStatus.Disabled, 3, 0), (off.Status, off.Skipped, off.Cost.Requests));
        Assert.Equal(DigestStoreErrorReason.Disabled, read.Reason);
        Assert.Equal(StoreStatus.Stored, on.Status);
        Assert.Equal(3, requests);
    }

    [Fact]
    public async Task An_invalid_reload_leaves_the_last_good_settings_in_force()
    {
        IConfigurationRoot configuration = Configuration(("DigestStore:BatchSize", "25"));
        using var client = new ClientDouble();
        using ServiceProvider provider = _services.AddSingleton<IAmazonDynamoDB>(client).AddDigestStore(configuration).Services.BuildServiceProvider();
        IDigestRepository repository = provider.GetRequiredService<IDigestRepository>();
        await repository.StoreAsync(Some.Date, Some.Items(1));

        foreach (string bad in (string[])["26", "many"])
        {
            configuration["DigestStore:BatchSize"] = bad;

            // The options framework itself tells whoever reloads.
            _ = Record.Exception(configuration.Reload);

            Assert.Equal(StoreStatus.Stored, (await repository.StoreAsync(Some.Date, Some.Items(1))).Status);
        }
    }

    [Fact]
    public void Invalid_options_end_the_start_of_the_host()
    {
        using ServiceProvider provider = _services.AddDigestStore(static options => options.BatchSize = 26).Services.BuildServiceProvider();

        OptionsValidationException exception = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IStartupValidator>().Validate);

        Assert.Equal(["DigestStoreOptions.BatchSize is '26', but must be between 1 and 25. DynamoDB takes 1 to 25 items in one BatchWriteItem; 25 needs the fewest requests."], exception.Failures);
    }

    [Fact]
    public void Invalid_options_of_a_named_store_end_the_start_of_the_host()
    {
        using ServiceProvider provider = _services.AddDigestStore().Services.AddDigestStore("weekly", static options => options.DigestName = "Weekly!").Services.BuildServiceProvider();

        Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IStartupValidator>().Validate);
    }

    [Theory]
    [InlineData("BatchSize", "many")]
    [InlineData("Deadline", "soon")]
    [InlineData("Enabled", "perhaps")]
    [InlineData("Identity:DropWww", "maybe")]
    public void A_value_of_another_type_is_told_with_its_key(string key, string value)
    {
        using ServiceProvider provider = _services.AddDigestStore(Configuration(("DigestStore:" + key, value))).Services.BuildServiceProvider();

        Exception exception = Assert.ThrowsAny<Exception>(provider.GetRequiredService<IStartupValidator>().Validate);

        Assert.Contains("DigestStore:" + key, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_of_another_type_makes_a_failed_result_and_no_exception()
    {
        using ServiceProvider provider = _services.AddDigestStore(Configuration(("DigestStore:BatchSize", "many"))).Services.BuildServiceProvider();

        StoreResult result = await provider.GetRequiredService<IDigestRepository>().StoreAsync(Some.Date, Some.Items(2));

        Assert.Equal((StoreStatus.Failed, 2), (result.Status, result.Failed));
        Assert.All(result.Problems, static problem => Assert.Equal(StoreProblemReason.Misconfigured, problem.Reason));
    }

    [Fact]
    public void A_repository_that_is_there_already_stays()
    {
        using var mine = new InMemoryDigestRepository();
        using ServiceProvider provider = _services.AddSingleton<IDigestRepository>(mine).AddDigestStore().Services.AddDigestStore().Services.BuildServiceProvider();

        Assert.Same(mine, Assert.Single(provider.GetServices<IDigestRepository>()));
    }

    [Fact]
    public void The_same_registration_twice_registers_once()
    {
        static void Configure(DigestStoreOptions options) => options.TableName += "x";
        Action<DigestStoreOptions> configure = Configure;
        _services.AddDigestStore(configure).Services.AddDigestStore("weekly", configure);
        int services = _services.Count;

        _services.AddDigestStore(configure).Services.AddDigestStore().Services.AddDigestStore("weekly", configure).Services.AddDigestStore("weekly");

        using ServiceProvider provider = _services.BuildServiceProvider();
        Assert.Equal(services, _services.Count);
        Assert.Equal(("digestsx", "digestsx"), (Options(provider).TableName, Options(provider, "weekly").TableName));
    }

    [Fact]
    public async Task Two_named_stores_live_side_by_side()
    {
        using var client = new ClientDouble();
        using var weekly = new ClientDouble();
        _services.AddSingleton<IAmazonDynamoDB>(client).AddKeyedSingleton<IAmazonDynamoDB>("weekly", weekly);
        _services.AddDigestStore("daily", static options => options.DigestName = "daily").Services.AddDigestStore("weekly", Configuration(("DigestName", "weekly")));
        using ServiceProvider provider = _services.BuildServiceProvider();

        await provider.GetRequiredKeyedService<IDigestRepository>("daily").StoreAsync(Some.Date, Some.Items(1));

        Assert.Equal((3, 0), (client.Requests, weekly.Requests));
        await provider.GetRequiredKeyedService<IDigestRepository>("weekly").StoreAsync(Some.Date, Some.Items(1));
        Assert.Equal((3, 3), (client.Requests, weekly.Requests));
        Assert.Equal(("daily", "weekly"), (Options(provider, "daily").DigestName, Options(provider, "weekly").DigestName));
        Assert.Null(provider.GetService<IDigestRepository>());
    }

    [Fact]
    public void Other_options_for_a_name_that_is_taken_are_refused()
    {
        _services.AddDigestStore("weekly", static options => options.DigestName = "weekly");

        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => _services.AddDigestStore("weekly", static options => options.DigestName = "other"));

        Assert.Equal("A digest store named 'weekly' is already registered with other options. Give this one another name, or set all of its options in one place.", exception.Message);
    }

    [Fact]
    public void Options_for_a_name_that_had_none_are_taken()
    {
        using ServiceProvider provider = _services.AddDigestStore("weekly").Services.AddDigestStore("weekly", static options => options.DigestName = "weekly").Services.BuildServiceProvider();

        Assert.Equal("weekly", Options(provider, "weekly").DigestName);
    }

    [Fact]
    public async Task A_registered_client_is_used_and_never_disposed()
    {
        using var client = new ClientDouble();
        using var logger = new ListLogger();
        ServiceProvider provider = _services.AddSingleton<IAmazonDynamoDB>(client).AddSingleton<ILoggerFactory>(logger).AddDigestStore().Services.BuildServiceProvider();

        StoreResult result = await provider.GetRequiredService<IDigestRepository>().StoreAsync(Some.Date, Some.Items(1));
        await provider.DisposeAsync();

        Assert.Equal((StoreStatus.Stored, 3, false), (result.Status, client.Requests, client.IsDisposed));
        Assert.Equal([100], logger.Ids);
    }

    [Fact]
    public async Task A_registered_client_that_retries_by_itself_is_warned_of_once()
    {
        using var client = new ClientDouble(maxErrorRetry: 4);
        using var logger = new ListLogger();
        using ServiceProvider provider = _services.AddSingleton<IAmazonDynamoDB>(client).AddSingleton<ILoggerFactory>(logger).AddDigestStore().Services.BuildServiceProvider();
        IDigestRepository repository = provider.GetRequiredService<IDigestRepository>();

        await repository.StoreAsync(Some.Date, Some.Items(1));
        await repository.StoreAsync(Some.Date, Some.Items(1));
        await repository.GetAsync(Some.Date);

        Assert.Equal(301, Assert.Single(logger.Entries, static entry => entry.Level == LogLevel.Warning).Id);
    }

    [Fact]
    public async Task Without_a_region_resolving_works_and_a_store_says_what_is_missing()
    {
        using ServiceProvider provider = _services.AddDigestStore().Services.BuildServiceProvider();
        IDigestRepository repository = provider.GetRequiredService<IDigestRepository>();

        StoreResult result = await repository.StoreAsync(Some.Date, Some.Items(2));
        DigestStoreException read = await Assert.ThrowsAsync<DigestStoreException>(() => repository.GetAsync(Some.Date));

        Assert.Equal((StoreStatus.Failed, 2, DigestStoreErrorReason.Misconfigured), (result.Status, result.Failed, read.Reason));
        Assert.All(result.Problems, static problem => Assert.Equal(StoreProblemReason.Misconfigured, problem.Reason));
        Assert.StartsWith("The client cannot be made, or the options are invalid. Set Region or ServiceUrl, or register an IAmazonDynamoDB;", result.Problems[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_in_memory_store_takes_the_place_of_a_real_one_before_or_after(bool before)
    {
        if (before)
        {
            _services.AddInMemoryDigestStore().Services.AddInMemoryDigestStore("weekly").Services.AddDigestStore(static options => options.DigestName = "x").Services.AddDigestStore("weekly");
        }
        else
        {
            _services.AddDigestStore(static options => options.DigestName = "x").Services.AddDigestStore("weekly").Services.AddInMemoryDigestStore().Services.AddInMemoryDigestStore("weekly");
        }

        using ServiceProvider provider = _services.BuildServiceProvider();
        var repository = Assert.IsType<InMemoryDigestRepository>(Assert.Single(provider.GetServices<IDigestRepository>()));
        Assert.IsType<InMemoryDigestRepository>(provider.GetRequiredKeyedService<IDigestRepository>("weekly"));
        await repository.StoreAsync(Some.Date, Some.Items(2));

        Assert.Equal(3, provider.GetRequiredService<InMemoryDigestStorage>().Count);
        Assert.Equal("x", Options(provider).DigestName);
    }

    [Fact]
    public void Every_registration_returns_the_store_that_it_is_about()
    {
        IConfiguration configuration = Configuration(("TableName", "x"));
        static void Configure(DigestStoreOptions options) => options.TableName = "x";
        IDigestStoreBuilder[] unnamed =
        [
            _services.AddDigestStore(), _services.AddDigestStore(Configure), _services.AddDigestStore(configuration), _services.AddDigestStore(""),
            _services.AddInMemoryDigestStore(), _services.AddInMemoryDigestStore(Configure),
        ];
        IDigestStoreBuilder[] named =
        [
            _services.AddDigestStore("a"), _services.AddDigestStore("a", Configure), _services.AddDigestStore("a"), _services.AddInMemoryDigestStore("a"),
        ];

        Assert.All(unnamed, store => Assert.Equal(("", _services), (store.Name, store.Services)));
        Assert.All(named, store => Assert.Equal(("a", _services), (store.Name, store.Services)));
        Assert.Equal("b", _services.AddDigestStore("b", configuration).Name);
        Assert.Equal("c", _services.AddInMemoryDigestStore("c", Configure).Name);
    }

    [Fact]
    public async Task A_named_store_has_dead_letters_of_its_own_or_those_of_the_unnamed_one()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("letters-");
        try
        {
            _services.AddInMemoryDigestStore(LettersWhenOff).AddFileDeadLetters(Path.Combine(directory.FullName, "plain"));
            _services.AddInMemoryDigestStore("weekly", LettersWhenOff).AddFileDeadLetters(Path.Combine(directory.FullName, "weekly"), static options => options.MaxBytes = 10);
            _services.AddInMemoryDigestStore("monthly", LettersWhenOff);
            await using ServiceProvider provider = _services.BuildServiceProvider();

            StoreResult plain = await provider.GetRequiredService<IDigestRepository>().StoreAsync(Some.Date, Some.Items(1));
            StoreResult weekly = await provider.GetRequiredKeyedService<IDigestRepository>("weekly").StoreAsync(Some.Date, Some.Items(1));
            StoreResult monthly = await provider.GetRequiredKeyedService<IDigestRepository>("monthly").StoreAsync(Some.Date, Some.Items(1));

            // Ten bytes are too few for a letter, which shows that the options are the named store's own.
            Assert.Equal((1, 0, 1), (plain.DeadLettered, weekly.DeadLettered, monthly.DeadLettered));
            Assert.Equal(2, Directory.GetFiles(Path.Combine(directory.FullName, "plain"), "*.jsonl", SearchOption.AllDirectories).Length);
            Assert.NotSame(provider.GetRequiredService<FileDeadLetterSink>(), provider.GetRequiredKeyedService<FileDeadLetterSink>("weekly"));
            Assert.Same(provider.GetRequiredKeyedService<FileDeadLetterSink>("weekly"), provider.GetRequiredKeyedService<IDeadLetterSink>("weekly"));
        }
        finally
        {
            directory.Delete(recursive: true);
        }

        static void LettersWhenOff(DigestStoreOptions options) => (options.Enabled, options.WhenDisabled) = (false, DisabledItems.DeadLetter);
    }

    [Fact]
    public void Dead_letters_that_are_registered_again_change_nothing()
    {
        foreach (IDigestStoreBuilder store in new[] { _services.AddDigestStore(), _services.AddDigestStore("weekly") })
        {
            store.AddFileDeadLetters("first");
            int services = _services.Count;

            store.AddFileDeadLetters("second");

            Assert.Equal(services, _services.Count);
        }
    }

    [Fact]
    public void Dead_letters_without_a_directory_or_with_a_cap_that_is_not_positive_are_refused_at_once()
    {
        IDigestStoreBuilder store = _services.AddDigestStore();

        Assert.Throws<ArgumentException>(() => store.AddFileDeadLetters(" "));
        Assert.StartsWith(
            "FileDeadLetterOptions.MaxBytes is '0' and MaxAge '30.00:00:00', but both must be positive.",
            Assert.Throws<ArgumentException>(() => store.AddFileDeadLetters("x", static options => options.MaxBytes = 0)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(static () => ((IDigestStoreBuilder)null!).AddFileDeadLetters("x"));
        Assert.Throws<ArgumentNullException>(static () => ((IDigestStoreBuilder)null!).AddCloudWatchMetrics());
    }

    [Fact]
    public void Null_arguments_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => _services.AddDigestStore((Action<DigestStoreOptions>)null!));
        Assert.Throws<ArgumentNullException>(() => _services.AddDigestStore((IConfiguration)null!));
        Assert.Throws<ArgumentNullException>(() => _services.AddDigestStore((string)null!));
        Assert.Throws<ArgumentNullException>(static () => ((IServiceCollection)null!).AddDigestStore());
        Assert.Throws<ArgumentNullException>(() => _services.AddInMemoryDigestStore((string)null!));
    }

    private static DigestStoreOptions Options(ServiceProvider provider, string name = "") => provider.GetRequiredService<IOptionsMonitor<DigestStoreOptions>>().Get(name);

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(static value => KeyValuePair.Create(value.Key, (string?)value.Value))).Build();
}
