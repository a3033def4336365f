using System.Text.Json.Nodes;
using DigestStore.InfrastructureTests.Template;

namespace DigestStore.InfrastructureTests.Faults;

internal static class TableFaults
{
    public static IReadOnlyList<PlantedFault> All { get; } =
    [
        new("no point-in-time recovery", static template => template.Remove("DigestTable/Properties/PointInTimeRecoverySpecification"),
            "cdk-nag AwsSolutions-DDB3", "cdk-nag NIST.800.53.R5-DynamoDBPITREnabled", "cfn-validate W2001", "guard table_can_be_restored"),
        new("point-in-time recovery off", static template => template.Set("DigestTable/Properties/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled", false),
            "cdk-nag AwsSolutions-DDB3", "cdk-nag NIST.800.53.R5-DynamoDBPITREnabled", "guard table_can_be_restored"),
        new("a recovery window of 36 days", static template => template.Set("DigestTable/Properties/PointInTimeRecoverySpecification/RecoveryPeriodInDays", 36),
            "cfn-validate F3034", "cfn-validate W2001"),
        new("no deletion protection", static template => template.Set("DigestTable/Properties/DeletionProtectionEnabled", false),
            "guard table_is_protected_from_deletion"),
        new("table deleted with the stack", static template => template.Remove("DigestTable/DeletionPolicy"),
            "cfn-validate W3011", "guard table_is_retained"),
        new("table deleted when it is replaced", static template => template.Set("DigestTable/UpdateReplacePolicy", "Delete"),
            "guard table_is_retained"),
        new("time to live on another attribute", static template => template.Set("DigestTable/Properties/TimeToLiveSpecification/AttributeName", "ttl"),
            "guard table_expires_by_its_attribute"),
        new("time to live off", static template => template.Set("DigestTable/Properties/TimeToLiveSpecification/Enabled", false),
            "guard table_expires_by_its_attribute"),
        new("index missing", static template => template.Remove("DigestTable/Properties/GlobalSecondaryIndexes"),
            "cfn-validate E3039", "guard table_has_the_index_of_the_schema"),
        new("index of keys only", static template => template.Set("DigestTable/Properties/GlobalSecondaryIndexes/0/Projection/ProjectionType", "KEYS_ONLY"),
            "guard table_has_the_index_of_the_schema"),
        new("index under another name", static template => template.Set("DigestTable/Properties/GlobalSecondaryIndexes/0/IndexName", "by-state"),
            "guard table_has_the_index_of_the_schema"),
        new("partition and sort key exchanged", static template =>
        {
            template.Set("DigestTable/Properties/KeySchema/0/AttributeName", "sk");
            template.Set("DigestTable/Properties/KeySchema/1/AttributeName", "pk");
        },
            "guard table_has_the_keys_of_the_schema"),
        new("a key attribute without a definition", static template => template.Remove("DigestTable/Properties/AttributeDefinitions/3"),
            "cfn-validate E3039"),
        new("provisioned capacity", static template =>
        {
            template.Set("DigestTable/Properties/BillingMode", "PROVISIONED");
            template.Set("DigestTable/Properties/ProvisionedThroughput", new JsonObject { ["ReadCapacityUnits"] = 5, ["WriteCapacityUnits"] = 5 });
        },
            "cdk-nag NIST.800.53.R5-DynamoDBAutoScalingEnabled", "guard table_is_on_demand"),
        new("AWS's own key", static template => template.Remove("DigestTable/Properties/SSESpecification"),
            "guard table_has_its_own_key"),
        new("the account's common key", static template => template.Remove("DigestTable/Properties/SSESpecification/KMSMasterKeyId"),
            "guard table_has_its_own_key"),
        new("stream of keys only", static template => template.Set("DigestTable/Properties/StreamSpecification/StreamViewType", "KEYS_ONLY"),
            "guard table_streams_new_images"),
        new("no stream", static template => template.Remove("DigestTable/Properties/StreamSpecification"),
            "guard table_streams_new_images"),
        new("misspelt property", static template => template.Set("DigestTable/Properties/DeletionProtection", true),
            "cfn-validate F3002"),
        new("no table", static template => template.Remove("DigestTable"),
            "cdk-nag unreadable", "cfn-validate F1018", "cfn-validate F6101", "cfn-validate W2001", "code references_resolve", "guard table_is_there"),
    ];
}
