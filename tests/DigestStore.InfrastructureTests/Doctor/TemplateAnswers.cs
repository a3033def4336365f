using System.Text.Json.Nodes;
using DigestStore.InfrastructureTests.Template;

namespace DigestStore.InfrastructureTests.Doctor;

/// <summary>What DynamoDB says of a table that CloudFormation made with given properties.</summary>
internal static class TemplateAnswers
{
    private const string TimeToLive = "TimeToLiveSpecification", Recovery = "PointInTimeRecoverySpecification", Encryption = "SSESpecification";

    private static readonly JsonObject Template = Settings(CloudFormationTemplate.Load());

    /// <summary>The answers for the template's own table.</summary>
    public static Dictionary<string, JsonObject> Of() => Of(Template);

    /// <summary>The properties of a template's only table, without intrinsic functions.</summary>
    public static JsonObject Settings(CloudFormationTemplate template) =>
        template.Resolve(template.OfType("AWS::DynamoDB::Table").Single().Value["Properties"])!.AsObject();

    /// <summary>The answers to the operations that describe a table. A property that is not known here appears under its own name.</summary>
    public static Dictionary<string, JsonObject> Of(JsonObject settings)
    {
        JsonObject table = settings.DeepClone().AsObject();

        // The operations of the doctor show no tags.
        Array.ForEach([TimeToLive, Recovery, Encryption, "BillingMode", "TableClass", "Tags"], property => table.Remove(property));
        table["TableStatus"] = "ACTIVE";
        table["CreationDateTime"] = 1763700000.123;
        table["TableArn"] = $"arn:aws:dynamodb:{Resolution.Region}:{Resolution.Account}:table/{table["TableName"]}";
        table["AttributeDefinitions"] = new JsonArray([.. settings["AttributeDefinitions"]!.AsArray().OrderBy(static definition => (string?)definition!["AttributeName"], StringComparer.Ordinal).Select(static definition => definition!.DeepClone())]);
        table["ProvisionedThroughput"] = Json("""{"NumberOfDecreasesToday":0,"ReadCapacityUnits":0,"WriteCapacityUnits":0}""");
        table["BillingModeSummary"] = new JsonObject { ["BillingMode"] = settings["BillingMode"]?.DeepClone() };
        table["TableClassSummary"] = new JsonObject { ["TableClass"] = settings["TableClass"]?.DeepClone() };
        table["WarmThroughput"] = Json("""{"ReadUnitsPerSecond":12000,"WriteUnitsPerSecond":4000,"Status":"ACTIVE"}""");
        table["StreamSpecification"]!["StreamEnabled"] = true;
        foreach (JsonNode? index in table["GlobalSecondaryIndexes"]!.AsArray())
        {
            index!["IndexStatus"] = "ACTIVE";
        }

        JsonNode encryption = settings[Encryption]!;
        if ((bool?)encryption["SSEEnabled"] == true && (string?)encryption["SSEType"] == "KMS")
        {
            table["SSEDescription"] = new JsonObject { ["Status"] = "ENABLED", ["SSEType"] = "KMS", ["KMSMasterKeyArn"] = encryption["KMSMasterKeyId"]!.DeepClone() };
        }

        return new()
        {
            ["DescribeTable"] = new() { ["Table"] = table },
            ["DescribeTimeToLive"] = new()
            {
                ["TimeToLiveDescription"] = new JsonObject
                {
                    ["TimeToLiveStatus"] = Status(settings[TimeToLive]!["Enabled"]),
                    ["AttributeName"] = settings[TimeToLive]!["AttributeName"]!.DeepClone(),
                },
            },
            ["DescribeContinuousBackups"] = new()
            {
                ["ContinuousBackupsDescription"] = new JsonObject
                {
                    ["ContinuousBackupsStatus"] = "ENABLED",
                    ["PointInTimeRecoveryDescription"] = new JsonObject
                    {
                        ["PointInTimeRecoveryStatus"] = Status(settings[Recovery]!["PointInTimeRecoveryEnabled"]),
                        ["RecoveryPeriodInDays"] = settings[Recovery]!["RecoveryPeriodInDays"]!.DeepClone(),
                        ["EarliestRestorableDateTime"] = 1763700000.0,
                        ["LatestRestorableDateTime"] = 1764280000.0,
                    },
                },
            },
        };
    }

    private static string Status(JsonNode? isEnabled) => (bool?)isEnabled == true ? "ENABLED" : "DISABLED";

    private static JsonNode Json(string text) => JsonNode.Parse(text)!;
}
