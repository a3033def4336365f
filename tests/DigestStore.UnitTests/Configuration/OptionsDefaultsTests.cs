using System.Reflection;

namespace DigestStore.UnitTests.Configuration;

public sealed class OptionsDefaultsTests
{
    private static readonly Dictionary<string, object?> Expected = new()
    {
        ["Enabled"] = true,
        ["WhenDisabled"] = DisabledItems.Drop,
        ["TableName"] = "digests",
        ["DigestName"] = "daily",
        ["Region"] = null,
        ["ServiceUrl"] = null,
        ["Deadline"] = TimeSpan.FromSeconds(25),
        ["ReadDeadline"] = TimeSpan.FromSeconds(5),
        ["AttemptTimeout"] = TimeSpan.FromSeconds(3),
        ["ConnectTimeout"] = TimeSpan.FromSeconds(2),
        ["MaxAttempts"] = 3,
        ["RetryDelay"] = TimeSpan.FromMilliseconds(50),
        ["ThrottleDelay"] = TimeSpan.FromMilliseconds(500),
        ["MaxRetryDelay"] = TimeSpan.FromSeconds(5),
        ["BatchSize"] = 25,
        ["MaxConcurrency"] = 8,
        ["Retention"] = null,
        ["ConsistentReads"] = true,
        ["MaxProblems"] = 100,
        ["MaxItems"] = 1_000_000,
        ["MaxLookback"] = TimeSpan.FromDays(400),
        ["TimeZone"] = "UTC",
        ["Caller"] = null,
    };

    [Fact]
    public void Every_default_is_the_documented_one()
    {
        var options = new DigestStoreOptions();
        Dictionary<string, object?> actual = typeof(DigestStoreOptions).GetProperties()
            .Where(static property => property.Name != nameof(DigestStoreOptions.Identity))
            .ToDictionary(static property => property.Name, property => property.GetValue(options));

        Assert.Equal(Expected, actual);
    }

    [Fact]
    public void Every_published_default_is_the_one_in_force()
    {
        Dictionary<string, object?> published = typeof(DigestStoreDefaults).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(static field => field.Name != nameof(DigestStoreDefaults.SectionName))
            .ToDictionary(static field => field.Name, static field => field.GetValue(null));

        Assert.Equal("DigestStore", DigestStoreDefaults.SectionName);
        Assert.All(published, static field => Assert.Equal(Expected[field.Key], field.Value));
        Assert.Equal(19, published.Count);
    }

    [Fact]
    public void Every_identity_rule_is_on()
    {
        UrlIdentityOptions identity = new DigestStoreOptions().Identity;
        PropertyInfo[] switches = [.. typeof(UrlIdentityOptions).GetProperties().Where(static property => property.PropertyType == typeof(bool))];

        Assert.Equal(7, switches.Length);
        Assert.All(switches, rule => Assert.Equal(true, rule.GetValue(identity)));
        Assert.Empty(identity.AdditionalTrackingParameters);
        Assert.Empty(identity.KeptParameters);
    }
}
