using System.Text.Json;
using System.Text.RegularExpressions;

namespace DigestStore.UnitTests.CloudWatch;

// As much of JSON Schema as the published schema of the format uses; a keyword beyond that is an error, so that none goes unchecked.
internal sealed class JsonSchema(JsonElement schema)
{
    public static JsonSchema FromResource(string name)
    {
        using Stream stream = typeof(JsonSchema).Assembly.GetManifestResourceStream(name)!;
        using var document = JsonDocument.Parse(stream);
        return new JsonSchema(document.RootElement.Clone());
    }

    // What is wrong, each with its place.
    public List<string> Violations(JsonElement value)
    {
        List<string> violations = [];
        Check(schema, value, "$", violations);
        return violations;
    }

    private static void Check(JsonElement schema, JsonElement value, string place, List<string> violations)
    {
        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            if (!Holds(keyword, value, place, violations))
            {
                violations.Add($"{place}: {keyword.Name} {keyword.Value.GetRawText()}");
            }
        }
    }

    // A keyword says nothing about values of other types than its own.
    private static bool Holds(JsonProperty keyword, JsonElement value, string place, List<string> violations)
    {
        JsonValueKind kind = value.ValueKind;
        switch (keyword.Name)
        {
            case "$comment" or "title" or "examples":
                return true;
            case "type":
                return IsOfType(value, keyword.Value.GetString()!);
            case "required":
                return kind != JsonValueKind.Object || keyword.Value.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _));
            case "minItems":
                return kind != JsonValueKind.Array || value.GetArrayLength() >= keyword.Value.GetInt32();
            case "maxItems":
                return kind != JsonValueKind.Array || value.GetArrayLength() <= keyword.Value.GetInt32();
            case "minLength":
                return kind != JsonValueKind.String || Length(value) >= keyword.Value.GetInt32();
            case "maxLength":
                return kind != JsonValueKind.String || Length(value) <= keyword.Value.GetInt32();
            case "pattern":
                return kind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!, RegexOptions.ECMAScript);
            case "properties":
                CheckMembers(keyword.Value, value, place, violations);
                return true;
            case "items":
                CheckElements(keyword.Value, value, place, violations);
                return true;
            default:
                throw new NotSupportedException($"The schema uses '{keyword.Name}', which this checker does not know.");
        }
    }

    private static void CheckMembers(JsonElement members, JsonElement value, string place, List<string> violations)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (JsonProperty member in members.EnumerateObject())
        {
            if (value.TryGetProperty(member.Name, out JsonElement found))
            {
                Check(member.Value, found, $"{place}.{member.Name}", violations);
            }
        }
    }

    private static void CheckElements(JsonElement schema, JsonElement value, string place, List<string> violations)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        int index = 0;
        foreach (JsonElement element in value.EnumerateArray())
        {
            Check(schema, element, $"{place}[{index++}]", violations);
        }
    }

    private static bool IsOfType(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => throw new NotSupportedException($"The schema uses the type '{type}', which this checker does not know."),
    };

    private static int Length(JsonElement value) => value.GetString()!.EnumerateRunes().Count();
}
