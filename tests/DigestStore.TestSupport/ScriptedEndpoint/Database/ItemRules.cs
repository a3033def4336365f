using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DigestStore.TestSupport;

/// <summary>What DynamoDB demands of an item and its values, and how it weighs them.</summary>
internal static partial class ItemRules
{
    public const int MaxItemSize = 400 * 1024;
    private const int MaxPartitionKey = 2048;
    private const int MaxSortKey = 1024;
    private static readonly string[] Types = ["S", "N", "B", "BOOL", "NULL", "L", "M", "SS", "NS", "BS"];

    public static void Validate(JsonObject item)
    {
        foreach (var (_, value) in item)
        {
            ValidateValue(value);
        }

        if (Size(item) > MaxItemSize)
        {
            throw DynamoDbError.Validation("Item size has exceeded the maximum allowed size");
        }
    }

    public static ItemKey KeyOf(JsonObject item, ScriptedEndpointOptions options)
    {
        return new ItemKey(KeyPart(item, options.PartitionKey, MaxPartitionKey), KeyPart(item, options.SortKey, MaxSortKey));
    }

    /// <summary>A key as a request names it: these two attributes and no others.</summary>
    public static ItemKey ExactKey(JsonNode? node, ScriptedEndpointOptions options)
    {
        var key = node as JsonObject ?? throw DynamoDbError.Validation("The provided key element does not match the schema");
        return key.Count == 2 ? KeyOf(key, options) : throw DynamoDbError.Validation("The provided key element does not match the schema");
    }

    /// <summary>Names and values in UTF-8, as the documentation counts them.</summary>
    public static int Size(JsonObject item) => item.Sum(attribute => Encoding.UTF8.GetByteCount(attribute.Key) + ValueSize(attribute.Value!.AsObject()));

    public static (string Type, JsonNode? Value) Open(JsonNode value)
    {
        var (type, content) = value.AsObject().First();
        return (type, content);
    }

    public static decimal Number(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static string KeyPart(JsonObject item, string name, int maxBytes)
    {
        if (item[name] is not JsonObject value)
        {
            throw DynamoDbError.Validation($"One or more parameter values were invalid: Missing the key {name} in the item");
        }

        if (value["S"]?.GetValue<string>() is not { } text)
        {
            throw DynamoDbError.Validation($"One or more parameter values were invalid: Type mismatch for key {name} expected: S");
        }

        if (text.Length == 0)
        {
            throw DynamoDbError.Validation($"One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: {name}");
        }

        return Encoding.UTF8.GetByteCount(text) <= maxBytes
            ? text
            : throw DynamoDbError.Validation($"One or more parameter values were invalid: Size of {name} has exceeded the maximum size limit of {maxBytes} bytes");
    }

    private static void ValidateValue(JsonNode? node)
    {
        if (node is not JsonObject { Count: 1 } value || !Types.Contains(value.First().Key))
        {
            throw DynamoDbError.Validation("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
        }

        var (type, content) = Open(value);
        switch (type)
        {
            case "N" when !IsNumber(content!.GetValue<string>()):
                throw DynamoDbError.Validation("The parameter cannot be converted to a numeric value");
            case "SS" or "NS" or "BS" when content!.AsArray().Count == 0:
                throw DynamoDbError.Validation("One or more parameter values were invalid: An " + type + " may not be empty");
            case "L":
                content!.AsArray().ToList().ForEach(ValidateValue);
                break;
            case "M":
                content!.AsObject().Select(entry => entry.Value).ToList().ForEach(ValidateValue);
                break;
        }
    }

    // At most 38 significant digits.
    private static bool IsNumber(string text) => NumberSyntax.IsMatch(text) && SignificantDigits(text).Length <= 38;

    private static string SignificantDigits(string text)
    {
        return BigInteger.Parse("0" + string.Concat(text.Split('e', 'E')[0].Where(char.IsAsciiDigit)), CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture).TrimEnd('0');
    }

    [GeneratedRegex(@"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$", RegexOptions.CultureInvariant)]
    private static partial Regex NumberSyntax { get; }

    private static int ValueSize(JsonObject value)
    {
        var (type, content) = Open(value);
        return type switch
        {
            "S" => Encoding.UTF8.GetByteCount(content!.GetValue<string>()),
            "N" => NumberSize(content!.GetValue<string>()),
            "B" => Convert.FromBase64String(content!.GetValue<string>()).Length,
            "L" => 3 + content!.AsArray().Sum(entry => 1 + ValueSize(entry!.AsObject())),
            "M" => 3 + content!.AsObject().Sum(entry => 1 + Encoding.UTF8.GetByteCount(entry.Key) + ValueSize(entry.Value!.AsObject())),
            "SS" => content!.AsArray().Sum(entry => Encoding.UTF8.GetByteCount(entry!.GetValue<string>())),
            "NS" => content!.AsArray().Sum(entry => NumberSize(entry!.GetValue<string>())),
            "BS" => content!.AsArray().Sum(entry => Convert.FromBase64String(entry!.GetValue<string>()).Length),
            _ => 1,
        };
    }

    // About one byte per two significant digits, and one more.
    private static int NumberSize(string text) => ((SignificantDigits(text).Length + 1) / 2) + 1;
}
