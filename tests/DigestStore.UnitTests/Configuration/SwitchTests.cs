using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DigestStore.UnitTests.Configuration;

// Enabled is for emergencies: it works whatever else is wrong.
public sealed class SwitchTests
{
    private static readonly (string Key, string? Value)[] Good = [("TableName", "my-digests"), ("BatchSize", "5")];

    // A value of every kind that cannot be, beside the switch.
    public static TheoryData<string, string?> Wrong { get; } = new()
    {
        { "BatchSize", "99" },
        { "BatchSize", "many" },
        { "BatchSize", "" },
        { "BatchSize", "2.5" },
        { "BatchSize", "99999999999" },
        { "BatchSize:Value", "25" },
        { "MaxAttempts:0", "3" },
        { "Deadline", "soon" },
        { "Deadline", "25:00:00:00:00" },
        { "Deadline", "-00:00:01" },
        { "AttemptTimeout", "00:00:26" },
        { "Retention", "for ever" },
        { "TableName", "" },
        { "TableName", "my table" },
        { "TableName:Name", "my-digests" },
        { "ServiceUrl", "ftp://example.com" },
        { "WhenDisabled", "Perhaps" },
        { "WhenDisabled", "7" },
        { "ConsistentReads", "maybe" },
        { "Identity", "strict" },
        { "Identity:DropWww", "maybe" },
        { "Identity:DropWww:0", "true" },
        { "Identity:KeptParameters", "id" },
        { "Identity:KeptParameters:0", null },
        { "Identity:KeptParameters:0:Name", "id" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_reload_that_says_off_switches_off_whatever_else_is_wrong_and_the_rest_keeps_its_last_valid_values(string key, string? value)
    {
        using var store = new Reloaded(Good);
        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());
        int requests = store.Client.Requests;

        store.Reload([.. Good.Where(good => good.Key != key.Split(':')[0]), ("Enabled", "false"), (key, value)]);
        StoreResult off = await store.StoreAsync(3);
        DigestStoreException read = await Assert.ThrowsAsync<DigestStoreException>(() => store.Repository.GetAsync(Some.Date));

        Assert.Equal((StoreStatus.Disabled, 3, 0, requests), (off.Status, off.Skipped, off.Cost.Requests, store.Client.Requests));
        Assert.Equal(DigestStoreErrorReason.Disabled, read.Reason);
        string told = Assert.Single(store.Told(300));
        Assert.Contains("the last valid ones stay in force: True.", told, StringComparison.Ordinal);
        Assert.EndsWith("The store is switched off all the same.", told, StringComparison.Ordinal);
        Assert.Contains(key.Split(':')[0], told, StringComparison.Ordinal);

        // On again while the rest is still wrong: on, with the last valid values.
        store.Reload([.. Good.Where(good => good.Key != key.Split(':')[0]), ("Enabled", "true"), (key, value)]);
        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());
        Assert.Equal(requests + 3, store.Client.Requests);
        Assert.Equal("my-digests", store.Client.LastTable);
        Assert.Equal(2, store.Told(300).Count());

        store.Reload([.. Good, ("Enabled", "false")]);
        Assert.Equal(StoreStatus.Disabled, await store.StatusAsync());
        Assert.Equal(2, store.Told(300).Count());
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_start_that_says_off_starts_switched_off_and_tells_what_is_wrong(string key, string? value)
    {
        using var store = new Reloaded([("Enabled", "false"), (key, value)]);

        store.Start();
        StoreResult off = await store.StoreAsync(3);

        Assert.Equal((StoreStatus.Disabled, 3, 0), (off.Status, off.Skipped, off.Cost.Requests));
        string told = Assert.Single(store.Told(300));
        Assert.Contains("the last valid ones stay in force: False.", told, StringComparison.Ordinal);
        Assert.EndsWith("The store is switched off all the same.", told, StringComparison.Ordinal);

        // Nobody knows the table, so there is nothing to go on with.
        store.Reload(("Enabled", "true"), (key, value));
        StoreResult on = await store.StoreAsync(3);
        Assert.Equal((StoreStatus.Failed, 3), (on.Status, on.Failed));
        Assert.All(on.Problems, static problem => Assert.Equal(StoreProblemReason.Misconfigured, problem.Reason));

        store.Reload(("Enabled", "true"), ("TableName", "my-digests"));
        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_start_that_says_on_or_nothing_is_refused(string key, string? value)
    {
        using var on = new Reloaded([("Enabled", "true"), (key, value)]);
        using var nothing = new Reloaded([(key, value)]);

        Assert.Contains(key.Split(':')[0], Assert.Throws<OptionsValidationException>(on.Start).Message, StringComparison.Ordinal);
        Assert.Throws<OptionsValidationException>(nothing.Start);
    }

    [Theory]
    [InlineData("false", false)]
    [InlineData("False", false)]
    [InlineData("off", false)]
    [InlineData("OFF", false)]
    [InlineData("no", false)]
    [InlineData("No", false)]
    [InlineData("0", false)]
    [InlineData(" false ", false)]
    [InlineData("\toFf\n", false)]
    [InlineData("true", true)]
    [InlineData("TRUE", true)]
    [InlineData("on", true)]
    [InlineData("Yes", true)]
    [InlineData("1", true)]
    [InlineData(" yes\r\n", true)]
    public async Task The_switch_can_be_spelt_in_many_ways(string value, bool isOn)
    {
        StoreStatus expected = isOn ? StoreStatus.Stored : StoreStatus.Disabled;
        using var atStart = new Reloaded([("Enabled", value)]);
        using var atReload = new Reloaded([("Enabled", isOn ? "off" : "on")]);
        atStart.Start();
        Assert.NotEqual(expected, await atReload.StatusAsync());

        atReload.Reload(("Enabled", value), ("BatchSize", "many"));

        Assert.Equal(expected, await atStart.StatusAsync());
        Assert.Equal(expected, await atReload.StatusAsync());
    }

    [Theory]
    [InlineData("fales")]
    [InlineData("perhaps")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("2")]
    [InlineData("-1")]
    [InlineData("0.0")]
    [InlineData("truefalse")]
    public async Task A_value_that_cannot_be_read_is_refused_at_start_and_told_on_reload(string value)
    {
        string message = $"DigestStore:Enabled is '{value}', but must be true, on, yes or 1 to store, or false, off, no or 0 to switch the store off. Correct it.";
        using var atStart = new Reloaded([("Enabled", value)]);
        Assert.Equal(message, Assert.Throws<OptionsValidationException>(atStart.Start).Message);

        foreach ((string last, StoreStatus status) in new[] { ("on", StoreStatus.Stored), ("off", StoreStatus.Disabled) })
        {
            using var store = new Reloaded([.. Good, ("Enabled", last)]);
            Assert.Equal(status, await store.StatusAsync());

            store.Reload([.. Good, ("Enabled", value)]);

            Assert.Equal(status, await store.StatusAsync());
            Assert.Equal(status, await store.StatusAsync());
            Assert.EndsWith("stay in force: True. " + message, Assert.Single(store.Told(300)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_switch_that_is_a_section_is_told_and_the_last_value_stays()
    {
        using var store = new Reloaded([.. Good, ("Enabled", "off")]);
        Assert.Equal(StoreStatus.Disabled, await store.StatusAsync());

        store.Reload([.. Good, ("Enabled:Value", "true")]);

        Assert.Equal(StoreStatus.Disabled, await store.StatusAsync());
        Assert.Contains("DigestStore:Enabled is a section with keys of its own, but must be true, on,", Assert.Single(store.Told(300)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_an_invalid_reload_that_switched_off_a_switch_that_cannot_be_read_leaves_it_off()
    {
        using var store = new Reloaded(Good);
        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());
        store.Reload(("Enabled", "off"), ("BatchSize", "99"));
        Assert.Equal(StoreStatus.Disabled, await store.StatusAsync());

        store.Reload(("Enabled", "of"), ("BatchSize", "25"), ("TableName", "other"));
        Assert.Equal(StoreStatus.Disabled, await store.StatusAsync());
    }

    [Fact]
    public async Task A_switch_that_was_off_and_is_removed_stays_off()
    {
        using var store = new Reloaded([.. Good, ("Enabled", "off")]);
        Assert.Equal(StoreStatus.Disabled, await store.StatusAsync());

        store.Reload([.. Good.Take(1), ("BatchSize", "99")]);
        Assert.Equal(StoreStatus.Disabled, await store.StatusAsync());

        store.Reload(Good);
        Assert.Equal(StoreStatus.Disabled, await store.StatusAsync());
        Assert.EndsWith("DigestStore:Enabled was set and no longer is. Write true or false.", store.Told(300).Last(), StringComparison.Ordinal);

        store.Reload([.. Good, ("Enabled", "true")]);
        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());
    }

    [Theory]
    [InlineData("Enabled", null)]
    [InlineData("Enabled", "TableName")]
    [InlineData("Enabled", "DigestName")]
    public async Task A_file_that_is_deleted_while_a_variable_of_the_section_stays_does_not_turn_the_switch_on(string key, string? other)
    {
        (string, string?)[] variable = [("MaxAttempts", "2")];
        using var store = new Reloaded([.. variable, (key, "false"), .. other is null ? [] : new (string, string?)[] { (other, "my-digests") }]);
        store.Start();

        store.Reload(variable);

        Assert.Equal(StoreStatus.Disabled, await store.StatusAsync());
        Assert.Contains("DigestStore:Enabled was set and no longer is. Write true or false.", Assert.Single(store.Told(300)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_switch_that_cannot_be_read_in_one_section_is_followed_where_a_later_section_says_it()
    {
        var sections = new ConfigurationBuilder().AddInMemoryCollection([new("A:Enabled", "flase"), new("B:Enabled", "false")]).Build();
        using ServiceProvider provider = new ServiceCollection().AddDigestStore(sections.GetSection("A")).Services.AddDigestStore(sections.GetSection("B")).Services.BuildServiceProvider();

        Assert.Equal(StoreStatus.Disabled, (await provider.GetRequiredService<IDigestRepository>().StoreAsync(Some.Date, Some.Items(1))).Status);
    }

    [Fact]
    public void A_variable_of_another_program_that_is_named_identity_does_not_stop_a_host_that_binds_the_top_level()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection([new("IDENTITY", "x"), new("BatchSize", "7")]).Build();
        using ServiceProvider provider = new ServiceCollection().AddDigestStore(configuration).Services.BuildServiceProvider();

        Assert.Equal(7, provider.GetRequiredService<IOptions<DigestStoreOptions>>().Value.BatchSize);
    }

    [Fact]
    public async Task A_named_store_has_a_switch_of_its_own()
    {
        using var store = new Reloaded(
            [("Monthly:TableName", "monthly"), ("TableName", "daily")],
            static services => services.AddDigestStore("daily", static options => options.TableName = "daily"),
            name: "monthly",
            section: "DigestStore");
        using var monthly = new Reloaded([("TableName", "monthly")], name: "monthly", section: "DigestStore:Monthly");
        Assert.Equal(StoreStatus.Stored, await monthly.StatusAsync());

        monthly.Reload(("TableName", "monthly"), ("Enabled", "no"), ("MaxAttempts", "never"));

        Assert.Equal(StoreStatus.Disabled, await monthly.StatusAsync());
        Assert.Contains("DigestStore:Monthly:MaxAttempts is 'never'", Assert.Single(monthly.Told(300)), StringComparison.Ordinal);
        Assert.Equal(StoreStatus.Stored, (await store.Services.GetRequiredKeyedService<IDigestRepository>("daily").StoreAsync(Some.Date, Some.Items(1))).Status);
    }

    [Fact]
    public async Task Rules_of_the_host_s_own_do_not_hold_up_the_switch()
    {
        using var store = new Reloaded(Good, static services => services.AddOptions<DigestStoreOptions>().Validate(static options => options.BatchSize < 10, "The host wants small batches."));
        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());

        store.Reload([("Enabled", "off"), ("TableName", "my-digests"), ("BatchSize", "11")]);
        Assert.Equal(StoreStatus.Disabled, await store.StatusAsync());
        store.Reload([("Enabled", "on"), ("TableName", "other"), ("BatchSize", "11")]);
        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());

        Assert.Equal("my-digests", store.Client.LastTable);
        Assert.Contains(store.Told(300), static text => text.Contains("The host wants small batches.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Settings_code_that_throws_does_not_hold_up_the_switch()
    {
        bool isBroken = false;
        using var store = new Reloaded(Good, services => services.Configure<DigestStoreOptions>(_ =>
        {
            if (isBroken)
            {
                throw new InvalidTimeZoneException("the host's own");
            }
        }));
        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());
        isBroken = true;

        store.Reload([("Enabled", "off"), .. Good]);
        Assert.Equal(StoreStatus.Disabled, await store.StatusAsync());
        store.Reload([("Enabled", "on"), .. Good]);
        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());
    }

    [Fact]
    public async Task What_the_host_sets_afterwards_has_the_last_word()
    {
        bool isOn = true;
        using var store = new Reloaded(Good, services => services.PostConfigure<DigestStoreOptions>(options => options.Enabled = isOn));
        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());
        isOn = false;

        store.Reload([("Enabled", "on"), ("BatchSize", "many"), ("TableName", "my-digests")]);

        Assert.Equal(StoreStatus.Disabled, await store.StatusAsync());
    }

    [Fact]
    public async Task Code_and_configuration_add_up_in_the_order_of_their_registration()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection([new("DigestStore:Enabled", "off"), new("DigestStore:BatchSize", "7")]).Build();
        using ServiceProvider before = new ServiceCollection().AddDigestStore(static options => (options.Enabled, options.MaxItems) = (true, 9)).Services.AddDigestStore(configuration).Services.BuildServiceProvider();
        using ServiceProvider after = new ServiceCollection().AddDigestStore(configuration).Services.AddDigestStore(static options => (options.Enabled, options.MaxItems) = (true, 9)).Services.BuildServiceProvider();

        DigestStoreOptions configured = before.GetRequiredService<IOptions<DigestStoreOptions>>().Value;
        DigestStoreOptions coded = after.GetRequiredService<IOptions<DigestStoreOptions>>().Value;

        Assert.Equal((false, 7, 9), (configured.Enabled, configured.BatchSize, configured.MaxItems));
        Assert.Equal((true, 7, 9), (coded.Enabled, coded.BatchSize, coded.MaxItems));
        Assert.Equal(StoreStatus.Disabled, (await before.GetRequiredService<IDigestRepository>().StoreAsync(Some.Date, Some.Items(1))).Status);
    }

    [Fact]
    public async Task A_store_that_starts_off_without_a_table_says_that_its_letters_are_lost()
    {
        var sink = new SinkDouble(works: true);
        using var store = new Reloaded(
            [("Enabled", "off"), ("WhenDisabled", "DeadLetter"), ("TableName", "?")], services => services.AddSingleton<IDeadLetterSink>(sink));

        StoreResult result = await store.StoreAsync(2);

        Assert.Equal((StoreStatus.Disabled, 2, 0), (result.Status, result.Skipped, result.DeadLettered));
        Assert.Equal(StoreProblemReason.DeadLettersNotWritten, Assert.Single(result.Problems).Reason);
    }

    [Fact]
    public async Task Options_that_were_valid_at_the_start_and_invalid_at_the_first_call_are_those_of_the_start()
    {
        using var store = new Reloaded(Good);
        store.Start();
        store.Reload(("TableName", "my-digests"), ("BatchSize", "many"));

        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());
        Assert.Equal("my-digests", store.Client.LastTable);
    }

    [Fact]
    public async Task A_store_that_started_switched_off_stays_off_when_its_file_is_deleted_before_the_first_call()
    {
        using var store = new Reloaded([.. Good, ("Enabled", "off")]);
        store.Start();

        store.Reload();

        Assert.Equal(StoreStatus.Disabled, await store.StatusAsync());
        Assert.Equal(0, store.Client.Requests);
    }

    [Fact]
    public async Task A_switch_that_was_turned_between_two_calls_stays_when_it_can_no_longer_be_read()
    {
        using var store = new Reloaded(Good);
        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());

        store.Reload([.. Good, ("Enabled", "off")]);
        store.Reload([.. Good, ("Enabled", "o")]);

        Assert.Equal(StoreStatus.Disabled, await store.StatusAsync());
    }

    [Fact]
    public async Task Valid_options_that_came_and_went_between_two_calls_are_the_last_valid_ones()
    {
        using var store = new Reloaded(Good);
        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());

        store.Reload([("TableName", "newer-digests")]);
        store.Reload([("TableName", "newer-digests"), ("BatchSize", "many")]);

        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());
        Assert.Equal("newer-digests", store.Client.LastTable);
    }

    [Fact]
    public async Task Rules_of_the_host_s_own_run_once_for_each_reload()
    {
        var asked = new List<int>();
        using var store = new Reloaded(Good, services => services.AddOptions<DigestStoreOptions>().Validate(
            options =>
            {
                asked.Add(options.BatchSize);
                return options.BatchSize < 10;
            },
            "The host wants small batches."));

        store.Start();
        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());
        store.Reload([("TableName", "other"), ("BatchSize", "7")]);
        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());
        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());

        Assert.Equal([5, 7], asked);
        Assert.Equal("other", store.Client.LastTable);
    }

    [Fact]
    public async Task Options_that_the_host_refused_between_two_calls_are_not_the_last_valid_ones_and_are_told_once()
    {
        using var store = new Reloaded(Good, static services => services.AddOptions<DigestStoreOptions>().Validate(static options => options.BatchSize < 10, "The host wants small batches."));
        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());

        store.Reload([("TableName", "other"), ("BatchSize", "11")]);
        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());
        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());
        Assert.Single(store.Told(300));
        store.Reload([("TableName", "other"), ("BatchSize", "many")]);

        Assert.Equal(StoreStatus.Stored, await store.StatusAsync());
        Assert.Equal("my-digests", store.Client.LastTable);
    }
}
