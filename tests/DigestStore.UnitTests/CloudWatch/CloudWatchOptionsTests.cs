namespace DigestStore.UnitTests.CloudWatch;

public sealed class CloudWatchOptionsTests
{
    [Fact]
    public void The_defaults_are_the_documented_ones()
    {
        var options = new CloudWatchMetricsOptions();

        Assert.Equal(("DigestStore", TimeSpan.FromMinutes(1), 60), (options.Namespace, options.Interval, options.StorageResolution));
        Assert.Null(options.Writer);
        Assert.Empty(options.Dimensions);
    }

    public static TheoryData<Action<CloudWatchMetricsOptions>, string> Invalid => new()
    {
        { static options => options.Namespace = "AWS/Lambda", "CloudWatchMetricsOptions.Namespace is 'AWS/Lambda', but must be 1 to 255 letters, digits, spaces or . - _ / # : and begin with neither ':' nor 'AWS/'. Leave it out for 'DigestStore'." },
        { static options => options.Namespace = "", "Namespace is '', but" },
        { static options => options.Namespace = null!, "Namespace is missing, but" },
        { static options => options.Namespace = ":x", "Namespace is ':x', but" },
        { static options => options.Namespace = "t\u00e4glich", "Namespace is 't\u00e4glich', but" },
        { static options => options.Namespace = new string('x', 256), "(256 characters)', but" },
        { static options => options.Interval = TimeSpan.FromMilliseconds(999), "CloudWatchMetricsOptions.Interval is '00:00:00.9990000', but must be between 00:00:01 and 01:00:00. CloudWatch keeps minutes: leave it out for 60 seconds." },
        { static options => options.Interval = TimeSpan.FromHours(2), "Interval is '02:00:00', but" },
        { static options => options.StorageResolution = 30, "CloudWatchMetricsOptions.StorageResolution is '30', but must be 60 or 1. Leave it out for 60." },
        { static options => Add(options, 11), "CloudWatchMetricsOptions.Dimensions.Count is '11', but must be at most 10." },
        { static options => options.Dimensions["table"] = "x", "Dimensions has a name that is 'table', but must be 1 to 250 printable ASCII characters, not blank, not beginning with ':' and not a tag of the store." },
        { static options => options.Dimensions["_aws"] = "x", "is '_aws', but" },
        { static options => options.Dimensions[":x"] = "x", "is ':x', but" },
        { static options => options.Dimensions[" "] = "x", "is ' ', but" },
        { static options => options.Dimensions[new string('x', 251)] = "x", "(251 characters)', but" },
        { static options => options.Dimensions["Service"] = " ", "CloudWatchMetricsOptions.Dimensions['Service'] is ' ', but must be 1 to 1024 printable ASCII characters, not blank. Leave the dimension out where it has no value." },
        { static options => options.Dimensions["Service"] = null!, "Dimensions['Service'] is missing, but" },
        { static options => options.Dimensions["Service"] = new string('x', 1025), "(1025 characters)', but" },
        { static options => options.Dimensions["Service"] = "\u00e9", "Dimensions['Service'] is '\u00e9', but" },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Invalid_options_are_refused_with_value_rule_and_remedy(Action<CloudWatchMetricsOptions> change, string message)
    {
        var options = new CloudWatchMetricsOptions();
        change(options);

        Assert.Contains(message, Assert.Throws<ArgumentException>(() => new CloudWatchMetrics(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bounds_themselves_are_valid()
    {
        var options = new CloudWatchMetricsOptions { Namespace = new string('x', 255), Interval = TimeSpan.FromHours(1), StorageResolution = 1 };
        Add(options, 9);
        options.Dimensions[new string('n', 250)] = new string('v', 1024);

        using var metrics = new CloudWatchMetrics(options);
        options.Interval = TimeSpan.FromSeconds(1);
        using var other = new CloudWatchMetrics(options);
    }

    private static void Add(CloudWatchMetricsOptions options, int dimensions)
    {
        for (int index = 0; index < dimensions; index++)
        {
            options.Dimensions[$"d{index}"] = "v";
        }
    }
}
