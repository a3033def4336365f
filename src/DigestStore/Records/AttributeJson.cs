using System.Text.Json;
using Amazon.DynamoDBv2.Model;

namespace DigestStore.Records;

// Attributes as JSON, in the form that DynamoDB and its exports use. Reading does not check types: the caller has checked the JSON before.
internal static class AttributeJson
{
    public static void WriteMap(Utf8JsonWriter writer, Dictionary<string, AttributeValue> map)
    {
        writer.WriteStartObject();
        foreach ((string name, AttributeValue value) in map)
        {
            writer.WritePropertyName(name);
            Write(writer, value);
        }

        writer.WriteEndObject();
    }

    // The order of the types is that of AttributeSize, so that both take a value for the same type.
    private static void Write(Utf8JsonWriter writer, AttributeValue value)
    {
        writer.WriteStartObject();
        if (value.S is not null)
        {
            writer.WriteString("S"u8, value.S);
        }
        else if (value.N is not null)
        {
            writer.WriteString("N"u8, value.N);
        }
        else if (value.B is not null)
        {
            writer.WriteBase64String("B"u8, value.B.ToArray());
        }
        else if (value.IsMSet)
        {
            writer.WritePropertyName("M"u8);
            WriteMap(writer, value.M);
        }
        else if (value.IsLSet)
        {
            WriteList(writer, "L"u8, value.L, Write);
        }
        else if (value.BOOL is { } isTrue)
        {
            writer.WriteBoolean("BOOL"u8, isTrue);
        }
        else if (value.SS is { Count: > 0 })
        {
            WriteList(writer, "SS"u8, value.SS, static (writer, text) => writer.WriteStringValue(text));
        }
        else if (value.NS is { Count: > 0 })
        {
            WriteList(writer, "NS"u8, value.NS, static (writer, number) => writer.WriteStringValue(number));
        }
        else if (value.BS is { Count: > 0 })
        {
            WriteList(writer, "BS"u8, value.BS, static (writer, bytes) => writer.WriteBase64StringValue(bytes.ToArray()));
        }
        else
        {
            writer.WriteBoolean("NULL"u8, value.NULL ?? true);
        }

        writer.WriteEndObject();
    }

    private static void WriteList<T>(Utf8JsonWriter writer, ReadOnlySpan<byte> type, List<T> list, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray(type);
        foreach (T element in list)
        {
            write(writer, element);
        }

        writer.WriteEndArray();
    }

    public static Dictionary<string, AttributeValue> ReadMap(ref Utf8JsonReader reader)
    {
        var map = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            map[name] = Read(ref reader);
        }

        return map;
    }

    public static AttributeValue Read(ref Utf8JsonReader reader)
    {
        var value = new AttributeValue();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string type = reader.GetString()!;
            reader.Read();
            switch (type)
            {
                case "S":
                    value.S = reader.GetString();
                    break;
                case "N":
                    value.N = reader.GetString();
                    break;
                case "B":
                    value.B = new MemoryStream(reader.GetBytesFromBase64());
                    break;
                case "BOOL":
                    value.BOOL = reader.GetBoolean();
                    break;
                case "NULL":
                    value.NULL = reader.GetBoolean();
                    break;
                case "M":
                    value.M = ReadMap(ref reader);
                    break;
                case "L":
                    value.L = ReadList(ref reader, static (ref Utf8JsonReader element) => Read(ref element));
                    break;
                case "SS":
                    value.SS = ReadList(ref reader, static (ref Utf8JsonReader element) => element.GetString()!);
                    break;
                case "NS":
                    value.NS = ReadList(ref reader, static (ref Utf8JsonReader element) => element.GetString()!);
                    break;
                case "BS":
                    value.BS = ReadList(ref reader, static (ref Utf8JsonReader element) => new MemoryStream(element.GetBytesFromBase64()));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return value;
    }

    private delegate T ReadElement<T>(ref Utf8JsonReader reader);

    private static List<T> ReadList<T>(ref Utf8JsonReader reader, ReadElement<T> read)
    {
        var list = new List<T>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            list.Add(read(ref reader));
        }

        return list;
    }
}
