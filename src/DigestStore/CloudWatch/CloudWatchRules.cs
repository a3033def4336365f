using System.Globalization;
using Microsoft.Extensions.Options;

namespace DigestStore.CloudWatch;

// These are the limits of PutMetricData, because they are stricter than those of the embedded metric format, and the limits that only the
// schema of the format has.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html
internal static class CloudWatchRules
{
    public const int MaxDimensions = 10;
    public const int MaxNameLength = 250;
    public const int MaxValueLength = 1024;

    public static readonly TimeSpan LongestInterval = TimeSpan.FromHours(1);

    private const int MaxNamespaceLength = 255;

    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);

    // Returns an empty text if the options are valid.
    public static string Problem(CloudWatchMetricsOptions options)
    {
        var problems = new List<string>();
        if (!IsNamespace(options.Namespace))
        {
            problems.Add(Describe(nameof(options.Namespace), options.Namespace, "must be 1 to 255 letters, digits, spaces or . - _ / # : and begin with neither ':' nor 'AWS/'. Leave it out for 'DigestStore'."));
        }

        if (options.Interval < ShortestInterval || options.Interval > LongestInterval)
        {
            problems.Add(Describe(nameof(options.Interval), options.Interval, "must be between 00:00:01 and 01:00:00. CloudWatch keeps minutes: leave it out for 60 seconds."));
        }

        if (options.StorageResolution is not (1 or 60))
        {
            problems.Add(Describe(nameof(options.StorageResolution), options.StorageResolution, "must be 60 or 1. Leave it out for 60."));
        }

        if (options.Dimensions.Count > MaxDimensions)
        {
            problems.Add(Describe($"{nameof(options.Dimensions)}.Count", options.Dimensions.Count, "must be at most 10. With each value of a dimension, CloudWatch keeps and charges for more metrics; keep the dimensions that you filter by."));
        }

        foreach ((string name, string value) in options.Dimensions)
        {
            AddDimension(problems, name, value);
        }

        return string.Join(" ", problems);
    }

    public static bool IsPrintable(char character) => character is >= ' ' and <= '~';

    private static void AddDimension(List<string> problems, string name, string? value)
    {
        if (!IsText(name, MaxNameLength) || name[0] == ':' || StoreTags.IsReserved(name))
        {
            problems.Add(Describe("Dimensions has a name that", name, "must be 1 to 250 printable ASCII characters, not blank, not beginning with ':' and not a tag of the store. Choose another name."));
        }
        else if (!IsText(value, MaxValueLength))
        {
            problems.Add(Describe($"{nameof(CloudWatchMetricsOptions.Dimensions)}['{name}']", value, "must be 1 to 1024 printable ASCII characters, not blank. Leave the dimension out where it has no value."));
        }
    }

    private static bool IsNamespace(string? name) =>
        name is { Length: > 0 and <= MaxNamespaceLength } && !string.IsNullOrWhiteSpace(name) && name[0] != ':' && !name.StartsWith("AWS/", StringComparison.OrdinalIgnoreCase) &&
        name.All(static character => char.IsAsciiLetterOrDigit(character) || character is ' ' or '.' or '-' or '_' or '/' or '#' or ':');

    private static bool IsText(string? text, int maxLength) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= maxLength && text.All(IsPrintable);

    private static string Describe(string property, object? value, string rule) =>
        string.Create(CultureInfo.InvariantCulture, $"{nameof(CloudWatchMetricsOptions)}.{property} is {(value is null ? "missing" : $"'{Shorten(value)}'")}, but {rule}");

    private static string Shorten(object value)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{value}");
        return text.Length <= 64 ? text : $"{text[..64]}… ({text.Length} characters)";
    }
}

internal sealed class CloudWatchMetricsOptionsValidator : IValidateOptions<CloudWatchMetricsOptions>
{
    public ValidateOptionsResult Validate(string? name, CloudWatchMetricsOptions options) =>
        CloudWatchRules.Problem(options) is { Length: > 0 } problem ? ValidateOptionsResult.Fail(problem) : ValidateOptionsResult.Success;
}
