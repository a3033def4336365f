using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace DigestStore.DynamoDb;

// An error as the SDK is shown it: its type, its text, and the record that a failed condition has met. Nothing else of an error is
// read here, and every other member is one more that the SDK might meet in another shape than its own (see AnswerShape).
internal static class ErrorBody
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Empty where the body is no error of DynamoDB's: then its status alone counts.
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
        Utf8JsonReader reader = AnswerShape.Reader(body);
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

        if (type is not null && type.EndsWith("ConditionalCheckFailedException", StringComparison.Ordinal) && AnswerShape.IsRecord(record))
        {
            writer.WritePropertyName("Item");
            writer.WriteRawValue(record, skipInputValidation: true);
        }

        writer.WriteEndObject();
        writer.Flush();
        return bytes.WrittenSpan;
    }
}
