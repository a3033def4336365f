using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DigestStore.InfrastructureTests.Template;
using DigestStore.TestSupport;

namespace DigestStore.InfrastructureTests.Table;

public sealed partial class SchemaPageTests
{
    private static readonly CloudFormationTemplate Template = CloudFormationTemplate.Load();

    [Fact]
    public void Keys_index_time_to_live_stream_and_capacity_are_those_of_the_schema_page()
    {
        JsonObject table = Template.Properties("DigestTable");
        JsonNode index = table["GlobalSecondaryIndexes"]!.AsArray().Single()!;

        Assert.Equal($"`{Key(table, "HASH")}`, type {Type(table, Key(table, "HASH"))}", Row("partition key"));
        Assert.Equal($"`{Key(table, "RANGE")}`, type {Type(table, Key(table, "RANGE"))}", Row("sort key"));
        Assert.Equal(
            $"`{index["IndexName"]}`: partition key `{Key(index, "HASH")}` ({Type(table, Key(index, "HASH"))}), sort key `{Key(index, "RANGE")}` ({Type(table, Key(index, "RANGE"))}), projection {index["Projection"]!["ProjectionType"]}",
            Row("index"));
        Assert.Equal($"attribute `{table["TimeToLiveSpecification"]!["AttributeName"]}`", Row("time to live"));
        Assert.StartsWith($"`{table["StreamSpecification"]!["StreamViewType"]}`;", Row("stream"), StringComparison.Ordinal);
        Assert.Equal("on demand", Row("capacity"));
        Assert.Equal("PAY_PER_REQUEST", (string?)table["BillingMode"]);
    }

    private static string Key(JsonNode schema, string keyType) =>
        (string)schema["KeySchema"]!.AsArray().Single(key => (string?)key!["KeyType"] == keyType)!["AttributeName"]!;

    private static string Type(JsonNode table, string attribute) =>
        (string)table["AttributeDefinitions"]!.AsArray().Single(definition => (string?)definition!["AttributeName"] == attribute)!["AttributeType"]!;

    private static string Row(string name) =>
        TableRow().Matches(RepositoryFiles.TextOf("docs/schema.md")).First(row => row.Groups["name"].Value == name).Groups["value"].Value;

    [GeneratedRegex(@"^\| (?<name>[^|]+) \| (?<value>[^|]+) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex TableRow();
}
