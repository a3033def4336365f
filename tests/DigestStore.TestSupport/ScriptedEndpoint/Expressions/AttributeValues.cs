using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace DigestStore.TestSupport;

/// <summary>Compares, measures and adds attribute values.</summary>
internal static class AttributeValues
{
    public static bool AreEqual(JsonNode? left, JsonNode? right)
    {
        if (left is null || right is null)
        {
            return false;
        }

        return TypeOf(left) == "N" && TypeOf(right) == "N" ? Number(left) == Number(right) : JsonNode.DeepEquals(left, right);
    }

    /// <summary>Null if the two cannot be ordered: one is missing, or their types differ or have no order.</summary>
    public static int? Compare(JsonNode? left, JsonNode? right)
    {
        if (left is null || right is null || TypeOf(left) != TypeOf(right))
        {
            return null;
        }

        return TypeOf(left) switch
        {
            "S" => ItemKey.Compare(Text(left), Text(right)),
            "N" => Number(left).CompareTo(Number(right)),
            "B" => Convert.FromBase64String(Text(left)).AsSpan().SequenceCompareTo(Convert.FromBase64String(Text(right))),
            _ => null,
        };
    }

    public static bool BeginsWith(JsonNode? value, JsonNode? prefix)
    {
        return value?["S"] is { } text && prefix?["S"] is { } start && text.GetValue<string>().StartsWith(start.GetValue<string>(), StringComparison.Ordinal);
    }

    public static bool Contains(JsonNode? value, JsonNode? part)
    {
        if (value is null || part is null)
        {
            return false;
        }

        var (type, content) = ItemRules.Open(value);
        return type switch
        {
            "S" => part["S"] is { } text && content!.GetValue<string>().Contains(text.GetValue<string>(), StringComparison.Ordinal),
            "L" => content!.AsArray().Any(entry => AreEqual(entry, part)),
            "SS" or "NS" or "BS" => content!.AsArray().Any(entry => JsonNode.DeepEquals(entry, part[type[..1]])),
            _ => false,
        };
    }

    public static int Length(JsonNode value)
    {
        var (type, content) = ItemRules.Open(value);
        return type switch
        {
            "S" => Encoding.UTF8.GetByteCount(content!.GetValue<string>()),
            "B" => Convert.FromBase64String(content!.GetValue<string>()).Length,
            "M" => content!.AsObject().Count,
            "N" or "BOOL" or "NULL" => throw DynamoDbError.Validation("Invalid operand type for operator or function; operator or function: size, operand type: " + type),
            _ => content!.AsArray().Count,
        };
    }

    public static JsonNode Add(JsonNode? left, JsonNode? right, int sign = 1)
    {
        if (left is null || right is null)
        {
            throw DynamoDbError.Validation("The provided expression refers to an attribute that does not exist in the item");
        }

        if (TypeOf(left) != "N" || TypeOf(right) != "N")
        {
            throw DynamoDbError.Validation("An operand in the update expression has an incorrect data type");
        }

        return new JsonObject { ["N"] = (Number(left) + (sign * Number(right))).ToString("G29", CultureInfo.InvariantCulture) };
    }

    public static string TypeOf(JsonNode value) => ItemRules.Open(value).Type;

    private static string Text(JsonNode value) => ItemRules.Open(value).Value!.GetValue<string>();

    private static decimal Number(JsonNode value) => ItemRules.Number(Text(value));
}
