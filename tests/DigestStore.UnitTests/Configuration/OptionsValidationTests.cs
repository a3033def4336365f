using DigestStore.Configuration;
using DigestStore.DynamoDb;

namespace DigestStore.UnitTests.Configuration;

// Whole messages: value, rule and remedy.
public sealed class OptionsValidationTests
{
    private const string TableNameRule = ", but must be 3 to 255 letters, digits, '_', '-' or '.', or the ARN of a table. Set the name that the table was created with.";
    private const string DigestRule = ", but must be 1 to 64 lower-case letters, digits or '-'. It is part of every key, so choose it once.";
    private const string TimeZoneRule =
        ", but must be the IANA name of a time zone that this machine knows, such as Europe/Berlin. Leave it out for UTC; on a machine without time zones, install the package tzdata.";
    private const string UrlRule = ", but must be an absolute http or https URL without a user name, such as http://localhost:8000. Leave it out to use AWS's own endpoint.";

    [Fact]
    public void The_defaults_are_valid() => Assert.Equal("", SettingsSource.Problem(new DigestStoreOptions()));

    public static TheoryData<string, string?, string> OutOfRange => new()
    {
        { "Deadline", "00:00:00", "is '00:00:00', but must be between 00:00:00.001 and 01:00:00. Set the longest time that your email may be held up." },
        { "Deadline", "01:00:00.0000001", "is '01:00:00.0000001', but must be between 00:00:00.001 and 01:00:00. Set the longest time that your email may be held up." },
        { "ReadDeadline", "-00:00:01", "is '-00:00:01', but must be between 00:00:00.001 and 01:00:00. Set the longest time that a reader may wait for a page." },
        { "AttemptTimeout", "00:10:01", "is '00:10:01', but must be between 00:00:00.001 and 00:10:00. Set it well above the slowest answer that you expect, and below the deadlines." },
        { "ConnectTimeout", "00:00:00", "is '00:00:00', but must be between 00:00:00.001 and 00:10:00. Set it to a few round trips to the region." },
        { "MaxAttempts", "0", "is '0', but must be between 1 and 10. Use 1 for no retries; more than 10 would only hold up the email." },
        { "MaxAttempts", "11", "is '11', but must be between 1 and 10. Use 1 for no retries; more than 10 would only hold up the email." },
        { "RetryDelay", "-00:00:01", "is '-00:00:01', but must be between 00:00:00 and 00:01:00. Use a fraction of the deadline." },
        { "ThrottleDelay", "-00:00:01", "is '-00:00:01', but must be between 00:00:00 and 00:01:00. Use a fraction of the deadline." },
        { "MaxRetryDelay", "00:10:01", "is '00:10:01', but must be between 00:00:00 and 00:10:00. Use a fraction of the deadline." },
        { "BatchSize", "0", "is '0', but must be between 1 and 25. DynamoDB takes 1 to 25 items in one BatchWriteItem; 25 needs the fewest requests." },
        { "BatchSize", "26", "is '26', but must be between 1 and 25. DynamoDB takes 1 to 25 items in one BatchWriteItem; 25 needs the fewest requests." },
        { "MaxConcurrency", "65", "is '65', but must be between 1 and 64. 8 keeps one partition busy; more only helps far from the region." },
        { "Retention", "00:00:00.5", "is '00:00:00.5000000', but must be between 00:00:01 and 36525.00:00:00. Leave it out to keep items for ever." },
        { "MaxProblems", "-1", "is '-1', but must be between 0 and 100000. A few dozen are enough to find a cause." },
        { "MaxItems", "0", "is '0', but must be between 1 and 100000000. Hand longer inputs in as an IAsyncEnumerable." },
        { "MaxLookback", "23:59:59", "is '23:59:59', but must be between 1.00:00:00 and 3660.00:00:00. Set the number of days for which no link shall be sent twice." },
        { "TimeZone", "Europe/Nowhere", "is 'Europe/Nowhere'" + TimeZoneRule },
        { "TimeZone", null, "is missing" + TimeZoneRule },
        { "TableName", "ab", "is 'ab'" + TableNameRule },
        { "TableName", null, "is missing" + TableNameRule },
        { "TableName", "my table", "is 'my table'" + TableNameRule },
        { "TableName", "arn:aws:s3:::bucket", "is 'arn:aws:s3:::bucket'" + TableNameRule },
        { "DigestName", "", "is ''" + DigestRule },
        { "DigestName", null, "is missing" + DigestRule },
        { "DigestName", "Daily", "is 'Daily'" + DigestRule },
        { "DigestName", "a#b", "is 'a#b'" + DigestRule },
        { "ServiceUrl", "localhost:8000", "is 'localhost:8000'" + UrlRule },
        { "ServiceUrl", "/etc/passwd", "is '/etc/passwd'" + UrlRule },
        { "ServiceUrl", "", "is ''" + UrlRule },
        { "ServiceUrl", "https://user:s3cret@example.com", "is '?@example.com'" + UrlRule },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void A_value_outside_its_bounds_is_told_with_rule_and_remedy(string property, string? value, string message) =>
        Assert.Equal($"DigestStoreOptions.{property} {message}", SettingsSource.Problem(With(property, value)));

    [Theory]
    [InlineData("Deadline", "00:00:00.001")]
    [InlineData("Deadline", "01:00:00")]
    [InlineData("MaxAttempts", "1")]
    [InlineData("MaxAttempts", "10")]
    [InlineData("BatchSize", "1")]
    [InlineData("MaxConcurrency", "64")]
    [InlineData("MaxProblems", "0")]
    [InlineData("Retention", "00:00:01")]
    [InlineData("Retention", "36525.00:00:00")]
    [InlineData("TableName", "a.b")]
    [InlineData("TableName", "arn:aws:dynamodb:eu-central-1:000000000000:table/digests")]
    [InlineData("DigestName", "a")]
    [InlineData("ServiceUrl", "https://dynamodb.example.com")]
    public void A_value_at_its_bounds_is_valid(string property, string value) => Assert.Equal("", SettingsSource.Problem(With(property, value)));

    [Fact]
    public void Names_end_at_their_longest()
    {
        Assert.Equal("", SettingsSource.Problem(With("TableName", new string('a', 255))));
        Assert.NotEqual("", SettingsSource.Problem(With("TableName", new string('a', 256))));
        Assert.Equal("", SettingsSource.Problem(With("DigestName", new string('a', 64))));
        Assert.NotEqual("", SettingsSource.Problem(With("DigestName", new string('a', 65))));
    }

    [Fact]
    public void An_attempt_must_not_take_longer_than_the_call() => Assert.Equal(
        "DigestStoreOptions.AttemptTimeout is '00:00:05', but must be at most Deadline, which is '00:00:04'. Lower it, raise Deadline, or leave it out for '00:00:03' or a shorter Deadline.",
        SettingsSource.Problem(new DigestStoreOptions { Deadline = TimeSpan.FromSeconds(4), AttemptTimeout = TimeSpan.FromSeconds(5) }));

    [Fact]
    public void An_attempt_that_may_take_as_long_as_the_call_is_valid_in_any_order_of_setting()
    {
        TimeSpan second = TimeSpan.FromSeconds(1);

        Assert.Equal("", SettingsSource.Problem(new DigestStoreOptions { AttemptTimeout = second, Deadline = second }));
        Assert.NotEqual("", SettingsSource.Problem(new DigestStoreOptions { Deadline = second, AttemptTimeout = 3 * second }));
        Assert.NotEqual("", SettingsSource.Problem(new DigestStoreOptions { AttemptTimeout = 3 * second, Deadline = second }));
        Assert.NotEqual("", SettingsSource.Problem(new DigestStoreOptions { AttemptTimeout = 30 * second }));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(25, 3)]
    public void Whoever_sets_only_the_deadline_need_not_know_of_attempts(int deadline, int attempt)
    {
        var options = new DigestStoreOptions { Deadline = TimeSpan.FromSeconds(deadline) };

        Assert.Equal("", SettingsSource.Problem(options));
        Assert.Equal(TimeSpan.FromSeconds(attempt), options.AttemptTimeout);
        Assert.Equal(TimeSpan.FromSeconds(attempt), StoreSettings.From(options).Options.AttemptTimeout);
    }

    [Fact]
    public void A_null_in_the_lists_of_the_identity_is_refused()
    {
        var options = new DigestStoreOptions();
        options.Identity.AdditionalTrackingParameters.Add("ref");
        options.Identity.AdditionalTrackingParameters.Add(null!);
        options.Identity.KeptParameters.Add(null!);

        Assert.Equal(
            "DigestStoreOptions.Identity.AdditionalTrackingParameters[1] is missing, but must be the name of a query parameter. Remove the entry, or give it a name. " +
            "DigestStoreOptions.Identity.KeptParameters[0] is missing, but must be the name of a query parameter. Remove the entry, or give it a name.",
            SettingsSource.Problem(options));
    }

    [Fact]
    public void A_caller_that_is_too_long_is_refused()
    {
        Assert.Equal("", SettingsSource.Problem(new DigestStoreOptions { Caller = new string('a', 128) }));
        Assert.Equal(
            $"DigestStoreOptions.Caller is '{new string('a', 128)}', but must be at most 128 characters long; it has 10000. Shorten it.",
            SettingsSource.Problem(new DigestStoreOptions { Caller = new string('a', 10_000) }));
    }

    [Theory]
    [InlineData(" http://localhost:8000 ")]
    [InlineData("\thttp://localhost:8000\r\n")]
    [InlineData("http://localhost:8000\u00A0")]
    public void White_space_around_the_service_url_is_trimmed(string url)
    {
        var options = new DigestStoreOptions { ServiceUrl = url };

        Assert.Equal("", SettingsSource.Problem(options));
        Assert.Equal("http://localhost:8000", StoreSettings.From(options).Options.ServiceUrl);
        Assert.Equal("http://localhost:8000", ClientFactory.Create(StoreSettings.From(options).Options, new HttpClients()).Config.ServiceURL.TrimEnd('/'));
    }

    [Fact]
    public void The_longest_back_off_must_not_be_below_the_first() => Assert.Equal(
        "DigestStoreOptions.MaxRetryDelay is '00:00:00.2000000', but must not be below RetryDelay ('00:00:00.0500000') or ThrottleDelay ('00:00:00.5000000'). Raise it, or lower those.",
        SettingsSource.Problem(new DigestStoreOptions { MaxRetryDelay = TimeSpan.FromMilliseconds(200) }));

    [Fact]
    public void Every_fault_is_told_at_once()
    {
        string problem = SettingsSource.Problem(new DigestStoreOptions { BatchSize = 0, MaxAttempts = 0, MaxRetryDelay = TimeSpan.Zero });

        Assert.Contains(".BatchSize is", problem, StringComparison.Ordinal);
        Assert.Contains(".MaxAttempts is", problem, StringComparison.Ordinal);
        Assert.Contains(".MaxRetryDelay is", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_repository_is_not_made_of_invalid_options()
    {
        var invalid = new DigestStoreOptions { BatchSize = 26 };
        using var client = new ClientDouble();

        Assert.StartsWith("DigestStoreOptions.BatchSize is '26'", Assert.Throws<ArgumentException>(() => new DigestRepository(client, invalid)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Testing.InMemoryDigestRepository(invalid));
        Assert.StartsWith(
            "DigestStoreOptions.Identity is missing, but must be set.",
            Assert.Throws<ArgumentException>(() => new DigestRepository(client, new DigestStoreOptions { Identity = null! })).Message,
            StringComparison.Ordinal);
    }

    private sealed class HttpClients : Amazon.Runtime.HttpClientFactory
    {
        public override HttpClient CreateHttpClient(Amazon.Runtime.IClientConfig clientConfig) => new();
    }

    private static DigestStoreOptions With(string property, string? value)
    {
        var options = new DigestStoreOptions();
        System.Reflection.PropertyInfo info = typeof(DigestStoreOptions).GetProperty(property)!;
        Type type = Nullable.GetUnderlyingType(info.PropertyType) ?? info.PropertyType;
        info.SetValue(options, value is null ? null : System.ComponentModel.TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value));
        return options;
    }
}
