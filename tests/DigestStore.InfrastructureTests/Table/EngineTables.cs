using System.Text.Json.Nodes;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DigestStore.InfrastructureTests.Template;

namespace DigestStore.InfrastructureTests.Table;

/// <summary>The template's table on DynamoDB Local, and what a table there is like.</summary>
internal static class EngineTables
{
    /// <summary>Creates the template's table, as CloudFormation would, with the settings that DynamoDB Local has.</summary>
    public static async Task CreateAsync(IAmazonDynamoDB client, string tableName, CancellationToken cancellationToken)
    {
        CloudFormationTemplate template = CloudFormationTemplate.Load();
        JsonNode table = template.Resolve(template.Properties("DigestTable"))!;
        await client.CreateTableAsync(
            new CreateTableRequest
            {
                TableName = tableName,
                BillingMode = (string)table["BillingMode"]!,
                AttributeDefinitions = [.. table["AttributeDefinitions"]!.AsArray().Select(static definition => new AttributeDefinition((string)definition!["AttributeName"]!, (string)definition["AttributeType"]!))],
                KeySchema = Keys(table),
                GlobalSecondaryIndexes =
                [
                    .. table["GlobalSecondaryIndexes"]!.AsArray().Select(static index => new GlobalSecondaryIndex
                    {
                        IndexName = (string)index!["IndexName"]!,
                        KeySchema = Keys(index),
                        Projection = new Projection { ProjectionType = (string)index["Projection"]!["ProjectionType"]! },
                    }),
                ],
                StreamSpecification = new StreamSpecification { StreamEnabled = true, StreamViewType = (string)table["StreamSpecification"]!["StreamViewType"]! },
                DeletionProtectionEnabled = (bool)table["DeletionProtectionEnabled"]!,
            },
            cancellationToken);
        await client.UpdateTimeToLiveAsync(
            new UpdateTimeToLiveRequest
            {
                TableName = tableName,
                TimeToLiveSpecification = new TimeToLiveSpecification
                {
                    AttributeName = (string)table["TimeToLiveSpecification"]!["AttributeName"]!,
                    Enabled = (bool)table["TimeToLiveSpecification"]!["Enabled"]!,
                },
            },
            cancellationToken);
    }

    /// <summary>The settings that DynamoDB Local tells of a table.</summary>
    public static async Task<TableSettings> DescribeAsync(IAmazonDynamoDB client, string tableName, CancellationToken cancellationToken)
    {
        TableDescription table = (await client.DescribeTableAsync(tableName, cancellationToken)).Table;
        TimeToLiveDescription timeToLive = (await client.DescribeTimeToLiveAsync(tableName, cancellationToken)).TimeToLiveDescription;
        var settings = new TableSettings
        {
            ["capacity"] = table.BillingModeSummary.BillingMode.Value,
            ["stream"] = table.StreamSpecification?.StreamViewType?.Value ?? string.Empty,
            ["deletion protection"] = table.DeletionProtectionEnabled == true ? "on" : "off",
        };
        settings.AddKeys(new JsonObject
        {
            ["AttributeDefinitions"] = new JsonArray([.. table.AttributeDefinitions.Select(static definition => new JsonObject
            {
                ["AttributeName"] = definition.AttributeName,
                ["AttributeType"] = definition.AttributeType.Value,
            })]),
            ["KeySchema"] = Node(table.KeySchema),
            ["GlobalSecondaryIndexes"] = new JsonArray([.. table.GlobalSecondaryIndexes.Select(static index => new JsonObject
            {
                ["IndexName"] = index.IndexName,
                ["KeySchema"] = Node(index.KeySchema),
                ["Projection"] = new JsonObject { ["ProjectionType"] = index.Projection.ProjectionType.Value },
            })]),
        });
        settings.AddTimeToLive(timeToLive.AttributeName, timeToLive.TimeToLiveStatus == TimeToLiveStatus.ENABLED);
        return settings;
    }

    public static async Task DeleteAsync(IAmazonDynamoDB client, string tableName)
    {
        await client.UpdateTableAsync(new UpdateTableRequest { TableName = tableName, DeletionProtectionEnabled = false });
        await client.DeleteTableAsync(tableName);
    }

    private static List<KeySchemaElement> Keys(JsonNode owner) =>
        [.. owner["KeySchema"]!.AsArray().Select(static key => new KeySchemaElement((string)key!["AttributeName"]!, (string)key["KeyType"]!))];

    private static JsonArray Node(List<KeySchemaElement> keys) =>
        [.. keys.Select(static key => new JsonObject { ["AttributeName"] = key.AttributeName, ["KeyType"] = key.KeyType.Value })];
}
