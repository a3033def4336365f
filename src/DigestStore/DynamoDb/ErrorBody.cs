using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace DigestStore.DynamoDb;

// Rebuilds the body of an error for the SDK from its type, its message and the record for which a condition was false. The library needs
// nothing else, and any other member could have a JSON type that the SDK cannot read safely (see AnswerShape).
internal static class ErrorBody
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Empty if the body is not an error of DynamoDB's. The fault is then classified by the HTTP status alone.
    public static ReadOnlySpan<byte> Rebuild(ReadOnlySpan<byte> body)
    {
        try
        {
            return Utf8.IsValid(body) ? Copy(body) : [];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    private static ReadOnlySpan<byte> Copy(ReadOnlySpan<byte> body)
    {
        (string? type, string? message) = (null, null);
        ReadOnlySpan<byte> record = [];
        Utf8JsonReader reader = AnswerShape.CreateReader(body);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return [];
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            switch (name)
            {
                case "__type":
                    type = reader.GetString();
                    break;
                case "message" or "Message":
                    message = reader.GetString();
                    break;
                case "Item":
                    reader.Skip();
                    record = body[start..(int)reader.BytesConsumed];
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return reader.Read() ? [] : Write(type, message, record);
    }

    private static ReadOnlySpan<byte> Write(string? type, string? message, ReadOnlySpan<byte> record)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(bytes, Plain);
        writer.WriteStartObject();
        if (type is not null)
        {
            writer.WriteString("__type", type);
        }

        if (message is not null)
        {
            writer.WriteString("message", message);
        }

        if (type is not null && type.EndsWith("ConditionalCheckFailedException", StringComparison.Ordinal) && AnswerShape.IsAttributeMap(record))
        {
            writer.WritePropertyName("Item");
            writer.WriteRawValue(record, skipInputValidation: true);
        }

        writer.WriteEndObject();
        writer.Flush();
        return bytes.WrittenSpan;
    }
}
