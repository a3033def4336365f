using System.Text.Json.Nodes;

namespace DigestStore.InfrastructureTests.Table;

/// <summary>Reads what <c>hcl2json</c> makes of a Terraform file: each block is a list of bodies.</summary>
internal static class TerraformFile
{
    /// <summary>The body of the only resource of one type.</summary>
    public static JsonNode Single(JsonNode file, string type) => file["resource"]![type]!.AsObject().Single().Value![0]!;

    public static bool IsKept(JsonNode resource) => (bool?)resource["lifecycle"]?[0]!["prevent_destroy"] == true;

    /// <summary>A value in words; the default of a variable in place of the variable.</summary>
    public static string Value(JsonNode file, JsonNode? value)
    {
        string text = $"{value}";
        return text.StartsWith("${var.", StringComparison.Ordinal) ? $"{file["variable"]![text[6..^1]]![0]!["default"]}" : text;
    }

    public static JsonObject KeysAsCloudFormation(JsonNode table) => new()
    {
        ["AttributeDefinitions"] = new JsonArray([.. table["attribute"]!.AsArray().Select(static attribute => new JsonObject
        {
            ["AttributeName"] = (string?)attribute!["name"],
            ["AttributeType"] = (string?)attribute["type"],
        })]),
        ["KeySchema"] = Keys(table),
        ["GlobalSecondaryIndexes"] = new JsonArray([.. table["global_secondary_index"]!.AsArray().Select(static index => new JsonObject
        {
            ["IndexName"] = (string?)index!["name"],
            ["KeySchema"] = Keys(index),
            ["Projection"] = new JsonObject { ["ProjectionType"] = (string?)index["projection_type"] },
        })]),
    };

    private static JsonArray Keys(JsonNode owner) =>
    [
        new JsonObject { ["AttributeName"] = (string?)owner["hash_key"], ["KeyType"] = "HASH" },
        new JsonObject { ["AttributeName"] = (string?)owner["range_key"], ["KeyType"] = "RANGE" },
    ];
}
