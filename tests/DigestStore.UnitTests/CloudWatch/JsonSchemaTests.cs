using System.Text.Json;
using DigestStore.Records;

namespace DigestStore.UnitTests.CloudWatch;

// The checker itself finds what is wrong, or the format's tests would prove nothing.
public sealed class JsonSchemaTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromResource("emf-schema.json");

    [Theory]
    [InlineData("[]", "$: type")]
    [InlineData("{}", "$: required")]
    [InlineData("""{"_aws":{"CloudWatchMetrics":[]}}""", "$._aws: required")]
    [InlineData("""{"_aws":{"Timestamp":1.5,"CloudWatchMetrics":[]}}""", "$._aws.Timestamp: type")]
    [InlineData("""{"_aws":{"Timestamp":"1","CloudWatchMetrics":{}}}""", "$._aws.Timestamp: type", "$._aws.CloudWatchMetrics: type")]
    [InlineData("""{"_aws":{"Timestamp":1,"CloudWatchMetrics":[{"Namespace":"","Dimensions":[],"Metrics":[]}]}}""", "Namespace: minLength", "Dimensions: minItems")]
    [InlineData("""{"_aws":{"Timestamp":1,"CloudWatchMetrics":[{"Namespace":"n","Dimensions":[[""]],"Metrics":[{}]}]}}""", "Dimensions[0][0]: minLength", "Metrics[0]: required")]
    [InlineData("""{"_aws":{"Timestamp":1,"CloudWatchMetrics":[{"Namespace":"n","Dimensions":[[]],"Metrics":[{"Name":"m","Unit":"Furlongs"}]}]}}""", "Unit: pattern")]
    public void What_the_format_forbids_is_found(string json, params string[] expected)
    {
        using var document = JsonDocument.Parse(json);

        List<string> violations = Schema.Violations(document.RootElement);

        Assert.Equal(expected.Length, violations.Count);
        Assert.All(expected.Zip(violations), static pair => Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal));
    }

    [Fact]
    public void Too_many_and_too_long_are_found()
    {
        string names = string.Join(',', Enumerable.Repeat($"\"{new string('d', 251)}\"", 31));
        using var document = JsonDocument.Parse($$$"""{"_aws":{"Timestamp":1,"CloudWatchMetrics":[{"Namespace":"n","Dimensions":[[{{{names}}}]],"Metrics":[]}]}}""");

        List<string> violations = Schema.Violations(document.RootElement);

        Assert.Equal(32, violations.Count);
    }

    [Fact]
    public void A_document_that_follows_the_format_passes()
    {
        using var document = JsonDocument.Parse(
            """{"_aws":{"Timestamp":1,"CloudWatchMetrics":[{"Namespace":"n","Dimensions":[["d"],[]],"Metrics":[{"Name":"m","Unit":"Count","StorageResolution":60}]}]},"d":"v","m":[1,2]}""");

        Assert.Empty(Schema.Violations(document.RootElement));
    }
}
