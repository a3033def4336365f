using Microsoft.Extensions.DependencyInjection;

namespace DigestStore.UnitTests.Health;

public sealed class HealthOptionsTests
{
    [Fact]
    public void The_defaults_are_the_documented_ones()
    {
        var options = new DigestStoreHealthOptions();

        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1)), (options.CacheFor, options.Deadline, options.SlowAfter));
    }

    public static TheoryData<Action<DigestStoreHealthOptions>, string> Invalid => new()
    {
        { static options => options.CacheFor = TimeSpan.FromSeconds(-1), "DigestStoreHealthOptions.CacheFor is '-00:00:01', but must be between 00:00:00 and 00:10:00. Use 0 to ask the table at every check." },
        { static options => options.CacheFor = TimeSpan.FromMinutes(11), "CacheFor is '00:11:00', but" },
        { static options => options.Deadline = TimeSpan.Zero, "DigestStoreHealthOptions.Deadline is '00:00:00', but must be between 00:00:00.0100000 and 00:01:00." },
        { static options => options.Deadline = TimeSpan.FromMinutes(2), "Deadline is '00:02:00', but" },
        { static options => options.SlowAfter = TimeSpan.Zero, "SlowAfter is '00:00:00', but" },
        { static options => options.SlowAfter = TimeSpan.FromSeconds(3), "DigestStoreHealthOptions.SlowAfter is '00:00:03', but must be between 00:00:00.0010000 and 00:00:02. It must not exceed Deadline: lower it, or raise that." },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Invalid_options_are_refused_with_value_rule_and_remedy(Action<DigestStoreHealthOptions> change, string message)
    {
        IHealthChecksBuilder builder = new ServiceCollection().AddHealthChecks();

        Assert.Contains(message, Assert.Throws<ArgumentException>(() => builder.AddDigestStore(configure: change)).Message, StringComparison.Ordinal);
    }
}
