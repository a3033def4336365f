using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace DigestStore.DynamoDb;

// Checks that a response body has DynamoDB's JSON types in every member that the SDK reads. If a member has another type, the SDK
// (AWSSDK.DynamoDBv2 4.1.0) either loops for ever or returns a pooled buffer twice, after which unrelated code of the process reads and
// writes the same memory. The SDK must therefore never see such a body.
internal static class AnswerShape
{
    // The deepest valid response has 69 levels of JSON. An attribute may nest 32 levels deep: 31 maps, each of which is two levels of JSON,
    // {"M":{, and a value in the innermost, which makes 63. Around it lie at most the six levels of
    // {"UnprocessedItems":{"table":[{"PutRequest":{"Item":{. The bound is higher, so that a response stays valid if
    // DynamoDB adds a level around it.
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Limits.html
    private const int MaxDepth = 96;

    public static bool IsValid(ReadOnlySpan<byte> body, string operation) => operation switch
    {
        "Query" => IsValid(body, Shape.PageAnswer),
        "BatchGetItem" => IsValid(body, Shape.LookupAnswer),
        "BatchWriteItem" => IsValid(body, Shape.WriteAnswer),
        "UpdateItem" => IsValid(body, Shape.UpdateAnswer),
        _ => false,
    };

    public static bool IsAttributeMap(ReadOnlySpan<byte> json) => IsValid(json, Shape.AttributeMap);

    public static Utf8JsonReader CreateReader(ReadOnlySpan<byte> json) => new(json, new JsonReaderOptions { MaxDepth = MaxDepth });

    private static bool IsValid(ReadOnlySpan<byte> json, Shape shape)
    {
        if (!Utf8.IsValid(json))
        {
            return false;
        }

        Utf8JsonReader reader = CreateReader(json);
        try
        {
            return ReadToken(ref reader) && ReadValue(ref reader, shape) && !reader.Read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    // Moves to the next token; false at the end of the JSON.
    public static bool ReadToken(ref Utf8JsonReader reader)
    {
        bool isThere = reader.Read();
        if (reader.ValueIsEscaped && reader.ValueSpan.IndexOf("\\u"u8) >= 0)
        {
            // GetString throws for half of a surrogate pair, at which the SDK would throw, too.
            _ = reader.GetString();
        }

        return isThere;
    }

    // Reads the value at the current token to its last token; false if it does not have the shape.
    public static bool ReadValue(ref Utf8JsonReader reader, Shape shape) => shape switch
    {
        Shape.Forbidden => false,
        Shape.Ignored => ReadAnyValue(ref reader),
        Shape.EmptyObject => reader.TokenType == JsonTokenType.StartObject && ReadToken(ref reader) && reader.TokenType == JsonTokenType.EndObject,
        Shape.Text => reader.TokenType == JsonTokenType.String,
        Shape.Bytes => reader.TokenType == JsonTokenType.String && IsBase64(ref reader),
        Shape.Flag => reader.TokenType is JsonTokenType.True or JsonTokenType.False,
        Shape.Integer => reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out _),
        Shape.Number => reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out _),
        _ when AnswerMembers.ListElementShape(shape) is { } element => reader.TokenType == JsonTokenType.StartArray && ReadList(ref reader, element),
        _ when AnswerMembers.MapValueShape(shape) is { } value => reader.TokenType == JsonTokenType.StartObject && ReadMap(ref reader, value),
        _ => reader.TokenType == JsonTokenType.StartObject && ReadStructure(ref reader, shape),
    };

    private static bool IsBase64(ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped ? reader.TryGetBytesFromBase64(out _) : Base64.IsValid(reader.ValueSpan);

    // The texts in the value are checked, because the SDK decodes even a value that it skips.
    private static bool ReadAnyValue(ref Utf8JsonReader reader)
    {
        int depth = reader.CurrentDepth;
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            while (ReadToken(ref reader) && reader.CurrentDepth > depth)
            {
            }
        }

        return true;
    }

    private static bool ReadStructure(ref Utf8JsonReader reader, Shape structure)
    {
        while (ReadToken(ref reader) && reader.TokenType == JsonTokenType.PropertyName)
        {
            // DynamoDB never escapes its own names, so an escaped name is not one of them.
            Shape member = reader.ValueIsEscaped ? Shape.Forbidden : AnswerMembers.ShapeOf(structure, reader.ValueSpan);
            if (!ReadToken(ref reader) || !ReadMember(ref reader, structure, member))
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }

    // A member of a response may be null instead of missing. A member of an attribute value, such as "S", may not.
    public static bool ReadMember(ref Utf8JsonReader reader, Shape structure, Shape member) =>
        (reader.TokenType == JsonTokenType.Null && structure != Shape.AttributeValue && member != Shape.Forbidden) || ReadValue(ref reader, member);

    private static bool ReadMap(ref Utf8JsonReader reader, Shape value)
    {
        while (ReadToken(ref reader) && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!ReadToken(ref reader) || !(IsNullOfTable(ref reader, value) || ReadValue(ref reader, value)))
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }

    // A response may name a table with null instead of an empty list. An attribute's value is never null.
    private static bool IsNullOfTable(ref Utf8JsonReader reader, Shape value) =>
        reader.TokenType == JsonTokenType.Null && value is (Shape.WriteList or Shape.AttributeMapList or Shape.Keys);

    private static bool ReadList(ref Utf8JsonReader reader, Shape element)
    {
        while (ReadToken(ref reader) && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!ReadValue(ref reader, element))
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndArray;
    }
}
