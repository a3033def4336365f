using System.Text.Json;
using Amazon.DynamoDBv2.Model;

namespace DigestStore.Records;

// Reads attributes from JSON into the SDK's attribute values. It does not check types: the caller has checked the JSON before.
internal static class AttributeJson
{
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
