using System.Reflection;
using DigestStore.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DigestStore.UnitTests.Configuration;

// What is read from a section: every option by its name, names that are none, and a section that disappears.
public sealed class SectionTests
{
    private static readonly (string Key, string? Value)[] Good = [("TableName", "my-digests"), ("DigestName", "weekly"), ("BatchSize", "5")];

    [Fact]
    public void Every_option_has_its_key()
    {
        Assert.Equal(Names<DigestStoreOptions>(), OptionKeys.OfStore.Select(static key => key.Name).Append(OptionKeys.Identity).Order(StringComparer.Ordinal));
        Assert.Equal(
            Names<UrlIdentityOptions>(),
            OptionKeys.OfIdentity.Select(static key => key.Name).Concat(OptionKeys.IdentityLists.Select(static list => list.Name)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_key_sets_its_own_option_and_no_other()
    {
        Assert.All(Scalars<DigestStoreOptions>(), property => Assert.Equal(
            Changed(new DigestStoreOptions(), property), Values(Read(property.Name, TextOf(property, new DigestStoreOptions())))));
        Assert.All(Scalars<UrlIdentityOptions>(), property => Assert.Equal(
            Changed(new UrlIdentityOptions(), property), Values(Read("Identity:" + property.Name, TextOf(property, new UrlIdentityOptions())).Identity)));
        Assert.Equal(["ref", "via"], Read(("Identity:AdditionalTrackingParameters:0", "ref"), ("Identity:AdditionalTrackingParameters:1", "via")).Identity.AdditionalTrackingParameters);
        Assert.Equal(["id"], Read(("identity:keptparameters:0", "id")).Identity.KeptParameters);
    }

    [Fact]
    public void What_is_not_set_stays_as_it_is()
    {
        var options = new DigestStoreOptions { Region = "eu-central-1", BatchSize = 7 };

        new SectionReader(Configuration([("Region", null), ("Caller", "me"), ("Identity", "")])).Read(options);

        Assert.Equal(("eu-central-1", 7, "me"), (options.Region, options.BatchSize, options.Caller));
        Assert.Equal("", SettingsSource.Problem(options));
    }

    [Fact]
    public void Every_value_that_cannot_be_read_is_told_at_once_with_value_rule_and_remedy()
    {
        DigestStoreOptions options = Read(("BatchSize", "many"), ("Deadline", "soon"), ("Identity:DropWww", "maybe"), ("MaxItems:Count", "5"));

        Assert.Equal(
            "DigestStore:BatchSize is 'many', but must be a whole number. Correct it, or remove it for the default. " +
            "DigestStore:Deadline is 'soon', but must be a time such as 00:00:20, or 30.00:00:00 for 30 days. Correct it, or remove it for the default. " +
            "DigestStore:Identity:DropWww is 'maybe', but must be true or false. Correct it, or remove it for the default. " +
            "DigestStore:MaxItems is a section with keys of its own, but must be a whole number. Correct it, or remove it for the default.",
            SettingsSource.Problem(options));
    }

    [Theory]
    [InlineData("TabelName", "TableName")]
    [InlineData("TablName", "TableName")]
    [InlineData("table_name", "TableName")]
    [InlineData("Table", "TableName")]
    [InlineData("Digest", "DigestName")]
    [InlineData("TABLE-NAME", "TableName")]
    [InlineData("Enable", "Enabled")]
    [InlineData("Enabeld", "Enabled")]
    [InlineData("BatchSizes", "BatchSize")]
    [InlineData("MaxConcurency", "MaxConcurrency")]
    [InlineData("Regoin", "Region")]
    [InlineData("ServiceURI", "ServiceUrl")]
    [InlineData("Retension", "Retention")]
    [InlineData("Identity:DropWwww", "DropWww")]
    [InlineData("Identity:TrackingParameter", null)]
    [InlineData("Identity:KeptParameter:0", "KeptParameters")]
    [InlineData("Identity:AditionalTrackingParameters:0", "AdditionalTrackingParameters")]
    [InlineData("Identiy:DropWww", "Identity")]
    public async Task A_misspelt_key_is_told_once_at_start_with_the_nearest_name(string key, string? nearest)
    {
        string written = key.EndsWith(":0", StringComparison.Ordinal) ? key[..^2] : key == "Identiy:DropWww" ? "Identiy" : key;
        using var store = new Reloaded([.. Good, (key, "x")]);

        store.Start();
        Assert.Equal(nearest is null ? 0 : 1, store.Told(302).Count());
        _ = await store.StatusAsync();
        store.Reload([.. Good, (key, "y")]);

        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());
        if (nearest is not null)
        {
            Assert.Equal(
                $"The configuration has keys that are no options of the digest store and have no effect on it: DigestStore:{written} (did you mean {nearest}?). Correct their names.",
                Assert.Single(store.Told(302)));
        }
    }

    [Fact]
    public async Task Without_a_host_a_misspelt_key_is_told_with_the_first_call_and_another_one_is_told_again()
    {
        using var store = new Reloaded([("TabelName", "x"), ("Diggest", "y")], name: "weekly", section: "Stores:Weekly");
        _ = await store.StatusAsync();
        _ = await store.StatusAsync();

        Assert.Contains("Stores:Weekly:Diggest (did you mean DigestName?), Stores:Weekly:TabelName (did you mean TableName?)", Assert.Single(store.Told(302)), StringComparison.Ordinal);

        store.Reload(("TabelName", "x"));
        _ = await store.StatusAsync();
        Assert.Equal(2, store.Told(302).Count());
    }

    [Fact]
    public void What_other_code_has_in_the_section_is_none_of_the_store_s_business()
    {
        using var store = new Reloaded(
        [
            .. Good, ("Feeds:0", "https://example.com/feed"), ("Monthly:TableName", "monthly"), ("Monthly:Digests", "x"), ("Digests:Weekly:TableName", "y"), ("Regions:0", "eu-central-1"),
            ("Recipients", "a@example.com"), ("Subject", "News"), ("Schedule", "daily"), ("Reason", "x"), ("Version", "3"), ("Identities:Main", "z"), ("Callers:0", "x"), ("Timeouts:Deadline", "00:00:05"),
        ]);

        store.Start();

        Assert.Empty(store.Log.Entries);
        Assert.Equal(5, store.Options.BatchSize);
    }

    [Fact]
    public async Task A_section_that_disappears_keeps_the_last_valid_settings_and_is_told_once()
    {
        foreach ((string value, StoreStatus status) in new[] { ("on", StoreStatus.Stored), ("off", StoreStatus.Disabled) })
        {
            using var store = new Reloaded([.. Good, ("Enabled", value)]);
            Assert.Equal(status, await store.StatusAsync());

            store.Reload();
            Assert.Equal(status, await store.StatusAsync());
            store.Reload();
            Assert.Equal(status, await store.StatusAsync());

            Assert.Equal(status == StoreStatus.Stored ? "my-digests" : null, store.Client.LastTable);
            Assert.EndsWith(
                "the last valid ones stay in force: True. The configuration section 'DigestStore' is gone or empty. Restore it, or restart the application to go on with the defaults.",
                Assert.Single(store.Told(300)), StringComparison.Ordinal);

            store.Reload(("TableName", "other"), ("DigestName", "weekly"), ("Enabled", "true"));
            Assert.Equal(StoreStatus.Stored, await store.StatusAsync());
            Assert.Equal("other", store.Client.LastTable);
        }
    }

    [Fact]
    public async Task A_section_that_has_only_other_code_s_keys_left_has_disappeared()
    {
        using var store = new Reloaded([.. Good, ("Feeds:0", "x")]);
        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());

        store.Reload(("Feeds:0", "x"));

        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());
        Assert.Equal("my-digests", store.Client.LastTable);
    }

    [Theory]
    [InlineData("TableName", "digests")]
    [InlineData("DigestName", "daily")]
    public async Task A_name_that_disappears_while_another_source_has_keys_left_keeps_the_last_valid_settings(string key, string byDefault)
    {
        using var store = new Reloaded(Good);
        store.Root["DigestStore:MaxAttempts"] = "2";
        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());

        store.Reload([.. Good.Where(good => good.Key != key), ("Enabled", "true")]);
        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());
        Assert.Equal(("my-digests", $"DigestStore:{key} was set and no longer is. Set it again, to '{byDefault}' for the default, or restart the application."),
            (store.Client.LastTable, Assert.Single(store.Told(300)).Split("stay in force: True. ")[1]));

        store.Reload([.. Good.Where(good => good.Key != key), (key, byDefault), ("Enabled", "true")]);
        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());
        Assert.Single(store.Told(300));
    }

    [Fact]
    public async Task A_file_that_is_deleted_or_half_written_keeps_the_last_valid_settings()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        string file = Path.Combine(folder, "appsettings.json");
        try
        {
            await File.WriteAllTextAsync(file, """{ "DigestStore": { "TableName": "my-digests", "Enabled": false } }""");
            IConfigurationRoot configuration = new ConfigurationBuilder().AddJsonFile(file, optional: true, reloadOnChange: false).Build();
            using ServiceProvider provider = new ServiceCollection().AddDigestStore(configuration).Services.BuildServiceProvider();
            IDigestRepository repository = provider.GetRequiredService<IDigestRepository>();
            Assert.Equal(StoreStatus.Disabled, (await repository.StoreAsync(Some.Date, Some.Items(1))).Status);

            foreach (string? content in new[] { null, "", "{ \"DigestStore\": { \"Tab", "{}", """{ "DigestStore": {} }""", """{ "DigestStore": null }""" })
            {
                File.Delete(file);
                if (content is not null)
                {
                    await File.WriteAllTextAsync(file, content);
                }

                _ = Record.Exception(configuration.Reload);

                Assert.Equal(StoreStatus.Disabled, (await repository.StoreAsync(Some.Date, Some.Items(1))).Status);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<string> Names<T>() => typeof(T).GetProperties().Select(static property => property.Name).Order(StringComparer.Ordinal);

    private static IEnumerable<PropertyInfo> Scalars<T>() => typeof(T).GetProperties().Where(static property => property.PropertyType.IsValueType || property.PropertyType == typeof(string));

    private static string TextOf(PropertyInfo property, object defaults) => property.GetValue(defaults) switch
    {
        bool value => value ? "off" : "on",
        int value => $"{value + 1}",
        TimeSpan value => $"{value + TimeSpan.FromSeconds(1)}",
        DisabledItems => "deadletter",
        null when property.PropertyType == typeof(TimeSpan?) => "1.00:00:00",
        _ => "x",
    };

    private static Dictionary<string, object?> Changed(object options, PropertyInfo property)
    {
        property.SetValue(options, property.GetValue(options) switch
        {
            bool value => !value,
            int value => value + 1,
            TimeSpan value => value + TimeSpan.FromSeconds(1),
            DisabledItems => DisabledItems.DeadLetter,
            null when property.PropertyType == typeof(TimeSpan?) => TimeSpan.FromDays(1),
            _ => "x",
        });
        return Values(options);
    }

    private static Dictionary<string, object?> Values(object options) => options.GetType().GetProperties()
        .Where(static property => property.PropertyType.IsValueType || property.PropertyType == typeof(string))
        .ToDictionary(static property => property.Name, property => property.GetValue(options));

    private static DigestStoreOptions Read(string key, string value) => Read((key, value));

    private static DigestStoreOptions Read(params (string Key, string? Value)[] values)
    {
        var options = new DigestStoreOptions();
        new SectionReader(Configuration(values)).Read(options);
        return options;
    }

    private static IConfigurationSection Configuration((string Key, string? Value)[] values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(static value => KeyValuePair.Create("DigestStore:" + value.Key, value.Value)))
        .Build().GetSection("DigestStore");
}
