using System.Text.Json;

namespace DigestStore.Table;

// Whether a body has the JSON types that DynamoDB's answers have. The SDK returns a pooled buffer twice when it meets another type
// (AWSSDK.DynamoDBv2 4.0.109.3), after which unrelated code of the process reads and writes the same memory; so it is not shown one.
internal static class AnswerShape
{
    private const int MaxDepth = 64;

    public static bool IsSound(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && Members(ref reader, Shape.Answer) && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private enum Shape
    {
        // Nothing of ours reads it.
        Any,
        Text,
        Flag,
        Number,
        Answer,
        Capacity,
        AttributeMap,
        AttributeValue,
        TextList,
        AttributeValueList,
        AttributeMapList,
        CapacityList,
        AttributeMapListsByTable,
        WritesByTable,
        WriteList,
        Write,
        Put,
        Delete,
        KeysByTable,
        Keys,
    }

    private static Shape OfMember(Shape parent, ref Utf8JsonReader name) => parent switch
    {
        Shape.AttributeMap => Shape.AttributeValue,
        Shape.AttributeValue => OfType(ref name),
        Shape.AttributeMapListsByTable => Shape.AttributeMapList,
        Shape.WritesByTable => Shape.WriteList,
        Shape.KeysByTable => Shape.Keys,
        Shape.Answer when name.ValueTextEquals("Items"u8) => Shape.AttributeMapList,
        Shape.Answer when name.ValueTextEquals("LastEvaluatedKey"u8) || name.ValueTextEquals("Attributes"u8) || name.ValueTextEquals("Item"u8) => Shape.AttributeMap,
        Shape.Answer when name.ValueTextEquals("Responses"u8) => Shape.AttributeMapListsByTable,
        Shape.Answer when name.ValueTextEquals("UnprocessedItems"u8) => Shape.WritesByTable,
        Shape.Answer when name.ValueTextEquals("UnprocessedKeys"u8) => Shape.KeysByTable,
        Shape.Answer when name.ValueTextEquals("ConsumedCapacity"u8) => Shape.CapacityList,
        Shape.Answer when name.ValueTextEquals("Count"u8) || name.ValueTextEquals("ScannedCount"u8) => Shape.Number,
        Shape.Answer when name.ValueTextEquals("__type"u8) || name.ValueTextEquals("message"u8) || name.ValueTextEquals("Message"u8) || name.ValueTextEquals("code"u8) => Shape.Text,
        Shape.Capacity when name.ValueTextEquals("TableName"u8) => Shape.Text,
        Shape.Capacity when name.ValueTextEquals("CapacityUnits"u8) || name.ValueTextEquals("ReadCapacityUnits"u8) || name.ValueTextEquals("WriteCapacityUnits"u8) => Shape.Number,
        Shape.Write when name.ValueTextEquals("PutRequest"u8) => Shape.Put,
        Shape.Write when name.ValueTextEquals("DeleteRequest"u8) => Shape.Delete,
        Shape.Put when name.ValueTextEquals("Item"u8) => Shape.AttributeMap,
        Shape.Delete when name.ValueTextEquals("Key"u8) => Shape.AttributeMap,
        Shape.Keys when name.ValueTextEquals("Keys"u8) => Shape.AttributeMapList,
        _ => Shape.Any,
    };

    // One for every attribute of a page: thousands.
    private static Shape OfType(ref Utf8JsonReader name)
    {
        if (!name.ValueIsEscaped)
        {
            return OfType(name.ValueSpan);
        }

        // The longest tag has four letters, each of which takes six bytes at most when it is escaped.
        Span<byte> tag = stackalloc byte[4 * 6];
        return name.ValueSpan.Length <= tag.Length ? OfType(tag[..name.CopyString(tag)]) : Shape.Any;
    }

    private static Shape OfType(ReadOnlySpan<byte> tag) => tag switch
    {
        [(byte)'S' or (byte)'N' or (byte)'B'] => Shape.Text,
        [(byte)'M'] => Shape.AttributeMap,
        [(byte)'L'] => Shape.AttributeValueList,
        [(byte)'S' or (byte)'N' or (byte)'B', (byte)'S'] => Shape.TextList,
        _ when tag.SequenceEqual("BOOL"u8) || tag.SequenceEqual("NULL"u8) => Shape.Flag,
        _ => Shape.Any,
    };

    private static Shape? OfElement(Shape list) => list switch
    {
        Shape.TextList => Shape.Text,
        Shape.AttributeValueList => Shape.AttributeValue,
        Shape.AttributeMapList => Shape.AttributeMap,
        Shape.CapacityList => Shape.Capacity,
        Shape.WriteList => Shape.Write,
        _ => null,
    };

    private static bool Value(ref Utf8JsonReader reader, Shape shape)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return true;
        }

        switch (shape)
        {
            case Shape.Any:
                reader.Skip();
                return true;
            case Shape.Text:
                return reader.TokenType == JsonTokenType.String;
            case Shape.Number:
                return reader.TokenType == JsonTokenType.Number;
            case Shape.Flag:
                return reader.TokenType is JsonTokenType.True or JsonTokenType.False;

            // One operation answers with an object, the batches with a list.
            case Shape.CapacityList when reader.TokenType == JsonTokenType.StartObject:
                return Members(ref reader, Shape.Capacity);
        }

        if (OfElement(shape) is { } element)
        {
            return reader.TokenType == JsonTokenType.StartArray && Elements(ref reader, element);
        }

        return reader.TokenType == JsonTokenType.StartObject && Members(ref reader, shape);
    }

    private static bool Members(ref Utf8JsonReader reader, Shape shape)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Shape member = OfMember(shape, ref reader);
            if (!reader.Read() || !Value(ref reader, member))
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }

    private static bool Elements(ref Utf8JsonReader reader, Shape element)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!Value(ref reader, element))
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndArray;
    }
}
