using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace DigestStore.DynamoDb;

// Whether a body has the JSON types that DynamoDB's answers have, in every member that the SDK reads. Where it meets another type, the
// SDK (AWSSDK.DynamoDBv2 4.1.0) reads on for ever on its thread, or returns a pooled buffer twice, after which unrelated code of the
// process reads and writes the same memory; so it is not shown one.
internal static class AnswerShape
{
    // An attribute nests 32 levels deep: 31 maps, each of which is two levels of JSON, {"M":{, and a value in the innermost. That makes 63,
    // and above it lie at most the six of {"UnprocessedItems":{"table":[{"PutRequest":{"Item":{. The rest, from 69 on, is air.
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Limits.html
    private const int MaxDepth = 96;

    public static bool IsSound(ReadOnlySpan<byte> body, string operation) => operation switch
    {
        "Query" => IsSound(body, Shape.PageAnswer),
        "BatchGetItem" => IsSound(body, Shape.LookupAnswer),
        "BatchWriteItem" => IsSound(body, Shape.WriteAnswer),
        "UpdateItem" => IsSound(body, Shape.UpdateAnswer),
        _ => false,
    };

    public static bool IsRecord(ReadOnlySpan<byte> json) => IsSound(json, Shape.AttributeMap);

    public static Utf8JsonReader Reader(ReadOnlySpan<byte> json) => new(json, new JsonReaderOptions { MaxDepth = MaxDepth });

    private static bool IsSound(ReadOnlySpan<byte> json, Shape shape)
    {
        if (!Utf8.IsValid(json))
        {
            return false;
        }

        Utf8JsonReader reader = Reader(json);
        try
        {
            return Next(ref reader) && Value(ref reader, shape) && !reader.Read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    public static bool Next(ref Utf8JsonReader reader)
    {
        bool isThere = reader.Read();
        if (reader.ValueIsEscaped && reader.ValueSpan.IndexOf("\\u"u8) >= 0)
        {
            // Throws for half a surrogate pair, as it would in the SDK's hands.
            _ = reader.GetString();
        }

        return isThere;
    }

    public static bool Value(ref Utf8JsonReader reader, Shape shape) => shape switch
    {
        Shape.None => false,
        Shape.Any => Anything(ref reader),
        Shape.Unasked => reader.TokenType == JsonTokenType.StartObject && Next(ref reader) && reader.TokenType == JsonTokenType.EndObject,
        Shape.Text => reader.TokenType == JsonTokenType.String,
        Shape.Bytes => reader.TokenType == JsonTokenType.String && AreBytes(ref reader),
        Shape.Flag => reader.TokenType is JsonTokenType.True or JsonTokenType.False,
        Shape.Integer => reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out _),
        Shape.Number => reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out _),
        _ when AnswerMembers.OfElement(shape) is { } element => reader.TokenType == JsonTokenType.StartArray && Elements(ref reader, element),
        _ when AnswerMembers.OfValue(shape) is { } value => reader.TokenType == JsonTokenType.StartObject && Entries(ref reader, value),
        _ => reader.TokenType == JsonTokenType.StartObject && Members(ref reader, shape),
    };

    private static bool AreBytes(ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped ? reader.TryGetBytesFromBase64(out _) : Base64.IsValid(reader.ValueSpan);

    // Its texts are looked at all the same: the SDK decodes what it passes over.
    private static bool Anything(ref Utf8JsonReader reader)
    {
        int depth = reader.CurrentDepth;
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            while (Next(ref reader) && reader.CurrentDepth > depth)
            {
            }
        }

        return true;
    }

    private static bool Members(ref Utf8JsonReader reader, Shape structure)
    {
        while (Next(ref reader) && reader.TokenType == JsonTokenType.PropertyName)
        {
            // DynamoDB escapes nothing in its own names.
            Shape member = reader.ValueIsEscaped ? Shape.None : AnswerMembers.Of(structure, reader.ValueSpan);
            if (!Next(ref reader) || !Member(ref reader, structure, member))
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }

    // A member may be null instead of missing; of an attribute's value it is the value itself.
    public static bool Member(ref Utf8JsonReader reader, Shape structure, Shape member) =>
        (reader.TokenType == JsonTokenType.Null && structure != Shape.AttributeValue && member != Shape.None) || Value(ref reader, member);

    private static bool Entries(ref Utf8JsonReader reader, Shape value)
    {
        while (Next(ref reader) && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!Next(ref reader) || !(IsNothingOfATable(ref reader, value) || Value(ref reader, value)))
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }

    // A table may have null instead of an empty list; an attribute may not.
    private static bool IsNothingOfATable(ref Utf8JsonReader reader, Shape value) =>
        reader.TokenType == JsonTokenType.Null && value is (Shape.WriteList or Shape.AttributeMapList or Shape.Keys);

    private static bool Elements(ref Utf8JsonReader reader, Shape element)
    {
        while (Next(ref reader) && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!Value(ref reader, element))
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndArray;
    }
}
