using System.Text.Json.Nodes;
using DigestStore.InfrastructureTests.Template;

namespace DigestStore.InfrastructureTests.Table;

/// <summary>What a table is like, setting by setting, whatever language it was written in: name → value in words.</summary>
internal sealed class TableSettings : SortedDictionary<string, string>
{
    /// <summary>Settings of CloudFormation's own, which a table itself does not know.</summary>
    private const string WhenDeleted = "when it is deleted", WhenReplaced = "when it is replaced", KeyWhenDeleted = "key when it is deleted";

    public TableSettings()
        : base(StringComparer.Ordinal)
    {
    }

    /// <summary>The settings of the only table of a template.</summary>
    public static TableSettings Of(CloudFormationTemplate template)
    {
        JsonObject table = template.OfType("AWS::DynamoDB::Table").Single().Value;
        JsonNode properties = template.Resolve(table["Properties"])!;
        JsonObject key = template.Resource((string)table["Properties"]!["SSESpecification"]!["KMSMasterKeyId"]!["Fn::GetAtt"]![0]!);
        var settings = new TableSettings
        {
            [WhenDeleted] = $"{table["DeletionPolicy"]}",
            [WhenReplaced] = $"{table["UpdateReplacePolicy"]}",
            [KeyWhenDeleted] = $"{key["DeletionPolicy"]}",
        };
        settings.AddKeys(properties);
        settings.Add("capacity", $"{properties["BillingMode"]}");
        settings.Add("stream", $"{properties["StreamSpecification"]?["StreamViewType"]}");
        settings.AddTimeToLive($"{properties["TimeToLiveSpecification"]?["AttributeName"]}", (bool?)properties["TimeToLiveSpecification"]?["Enabled"]);
        settings.AddProtection((bool?)properties["DeletionProtectionEnabled"], $"{properties["TableClass"]}");
        settings.AddRecovery((bool?)properties["PointInTimeRecoverySpecification"]?["PointInTimeRecoveryEnabled"], $"{properties["PointInTimeRecoverySpecification"]?["RecoveryPeriodInDays"]}");
        settings.AddEncryption((bool?)properties["SSESpecification"]?["SSEEnabled"], (bool?)key["Properties"]!["EnableKeyRotation"], $"{key["Properties"]!["PendingWindowInDays"]}");
        foreach (JsonNode? tag in properties["Tags"]?.AsArray() ?? [])
        {
            settings.Add($"tag {tag!["Key"]}", $"{tag["Value"]}");
        }

        return settings;
    }

    /// <summary>The settings of the only table of a Terraform file, as <c>hcl2json</c> prints it.</summary>
    public static TableSettings OfTerraform(JsonNode file)
    {
        JsonNode table = TerraformFile.Single(file, "aws_dynamodb_table");
        JsonNode key = TerraformFile.Single(file, "aws_kms_key");
        string kept = TerraformFile.IsKept(table) ? "Retain" : string.Empty;
        var settings = new TableSettings
        {
            [WhenDeleted] = kept,
            [WhenReplaced] = kept,
            [KeyWhenDeleted] = TerraformFile.IsKept(key) ? "Retain" : string.Empty,
        };
        settings.AddKeys(TerraformFile.KeysAsCloudFormation(table));
        settings.Add("capacity", $"{table["billing_mode"]}");
        settings.Add("stream", (bool?)table["stream_enabled"] == true ? $"{table["stream_view_type"]}" : string.Empty);
        settings.AddTimeToLive($"{table["ttl"]?[0]!["attribute_name"]}", (bool?)table["ttl"]?[0]!["enabled"]);
        settings.AddProtection((bool?)table["deletion_protection_enabled"], $"{table["table_class"]}");
        settings.AddRecovery((bool?)table["point_in_time_recovery"]?[0]!["enabled"], TerraformFile.Value(file, table["point_in_time_recovery"]?[0]!["recovery_period_in_days"]));
        bool ownKey = (string?)table["server_side_encryption"]?[0]!["kms_key_arn"] == "${aws_kms_key.table.arn}";
        settings.AddEncryption(ownKey && (bool?)table["server_side_encryption"]?[0]!["enabled"] == true, (bool?)key["enable_key_rotation"], $"{key["deletion_window_in_days"]}");
        foreach ((string name, JsonNode? value) in table["tags"]?.AsObject() ?? [])
        {
            settings.Add($"tag {name}", $"{value}");
        }

        return settings;
    }

    /// <summary>What of these settings another table has as well, so that tables can be compared as far as both are known.</summary>
    public TableSettings Known(TableSettings other)
    {
        var known = new TableSettings();
        foreach ((string name, string value) in this.Where(setting => other.ContainsKey(setting.Key)))
        {
            known.Add(name, value);
        }

        return known;
    }

    /// <summary>Adds keys and indexes from nodes that are named as CloudFormation and DynamoDB name them.</summary>
    public void AddKeys(JsonNode table)
    {
        string Key(JsonNode owner, string keyType)
        {
            string name = (string)owner["KeySchema"]!.AsArray().Single(key => (string?)key!["KeyType"] == keyType)!["AttributeName"]!;
            return $"{name} {table["AttributeDefinitions"]!.AsArray().Single(definition => (string?)definition!["AttributeName"] == name)!["AttributeType"]}";
        }

        Add("partition key", Key(table, "HASH"));
        Add("sort key", Key(table, "RANGE"));
        foreach (JsonNode? index in table["GlobalSecondaryIndexes"]!.AsArray())
        {
            Add($"index {index!["IndexName"]}", $"{Key(index, "HASH")}, {Key(index, "RANGE")}, {index["Projection"]!["ProjectionType"]}");
        }
    }

    public void AddTimeToLive(string attribute, bool? enabled) => Add("time to live", enabled == true ? attribute : "off");

    private void AddProtection(bool? deletionProtection, string tableClass)
    {
        Add("deletion protection", deletionProtection == true ? "on" : "off");
        Add("table class", tableClass);
    }

    private void AddRecovery(bool? enabled, string days) => Add("point-in-time recovery", enabled == true ? $"{days} days" : "off");

    private void AddEncryption(bool? ownKey, bool? rotates, string deletionWindow) =>
        Add("encryption", $"{(ownKey == true ? "own key" : "key of AWS")}, {(rotates == true ? "rotates" : "does not rotate")}, deleted after {deletionWindow} days");
}
