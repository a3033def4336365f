using System.Text.Json.Nodes;

namespace DigestStore.TestSupport;

internal static class TableOperations
{
    public static JsonObject List(OperationContext context)
    {
        return new JsonObject { ["TableNames"] = new JsonArray([.. context.TableNames.Select(name => (JsonNode)name)]) };
    }

    public static JsonObject Describe(OperationContext context)
    {
        var count = context.Table.Count;
        return new JsonObject
        {
            ["Table"] = new JsonObject
            {
                ["TableName"] = context.TableName,
                ["TableStatus"] = "ACTIVE",
                ["TableArn"] = "arn:aws:dynamodb:us-east-1:000000000000:table/" + context.TableName,
                ["ItemCount"] = count,
                ["BillingModeSummary"] = new JsonObject { ["BillingMode"] = "PAY_PER_REQUEST" },
                ["KeySchema"] = new JsonArray(Key(context.Options.PartitionKey, "HASH"), Key(context.Options.SortKey, "RANGE")),
                ["AttributeDefinitions"] = new JsonArray(Definition(context.Options.PartitionKey), Definition(context.Options.SortKey)),
            },
        };
    }

    private static JsonObject Key(string name, string type) => new() { ["AttributeName"] = name, ["KeyType"] = type };

    private static JsonObject Definition(string name) => new() { ["AttributeName"] = name, ["AttributeType"] = "S" };
}
