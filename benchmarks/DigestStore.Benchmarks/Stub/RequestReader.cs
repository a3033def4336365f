using System.Text;
using System.Text.Json;

namespace DigestStore.Benchmarks.Stub;

/// <summary>Takes from a request's JSON what the stub has to know.</summary>
internal sealed class RequestReader
{
    public string TableName { get; private set; } = "";

    public List<StubRecord> Puts { get; } = [];

    public List<StubRecord> Keys { get; } = [];

    public List<StubRecord> Deletes { get; } = [];

    public string? StartAfter { get; private set; }

    public string PartitionKey { get; private set; } = "";

    public string UpdateExpression { get; private set; } = "";

    public Dictionary<string, string> Names { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>The sort keys that a query asks for. Null: all of the partition.</summary>
    public (string From, string To)? Range { get; private set; }

    /// <summary>Whether the answer to an update has the record as it is then.</summary>
    public bool ReturnsRecord { get; private set; }

    public static RequestReader Read(ReadOnlySpan<byte> json)
    {
        var request = new RequestReader();
        var reader = new Utf8JsonReader(json);
        bool isTableName = false;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                request.Key(ref reader, json);
                continue;
            }

            if (isTableName)
            {
                request.TableName = reader.GetString()!;
                isTableName = false;
            }
            else
            {
                isTableName = reader.ValueTextEquals("RequestItems"u8);
                request.Member(ref reader, json);
            }
        }

        return request;
    }

    private void Member(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.ValueTextEquals("Item"u8))
        {
            Puts.Add(Record(ref reader, json));
        }
        else if (reader.ValueTextEquals("Key"u8))
        {
            Deletes.Add(Record(ref reader, json));
        }
        else if (reader.ValueTextEquals("TableName"u8))
        {
            reader.Read();
            TableName = reader.GetString()!;
        }
        else if (reader.ValueTextEquals("ExclusiveStartKey"u8))
        {
            StartAfter = Record(ref reader, json).Sk;
        }
        else if (reader.ValueTextEquals("UpdateExpression"u8))
        {
            reader.Read();
            UpdateExpression = reader.GetString()!;
        }
        else if (reader.ValueTextEquals("ExpressionAttributeNames"u8))
        {
            Map(ref reader, json, Names, static raw => raw.Trim('"'));
        }
        else if (reader.ValueTextEquals("ExpressionAttributeValues"u8) || reader.ValueTextEquals("KeyConditions"u8))
        {
            Map(ref reader, json, Values, static raw => raw);
            PartitionKey = FirstText(Values);
            Range = Values.TryGetValue(":from", out string? from) && Values.TryGetValue(":to", out string? to) ? (TextOf(from)!, TextOf(to)!) : null;
        }
        else if (reader.ValueTextEquals("ReturnValues"u8))
        {
            reader.Read();
            ReturnsRecord = reader.ValueTextEquals("ALL_NEW"u8);
        }
    }

    // Of BatchGetItem: the elements of "Keys" are the only objects in arrays that are not behind one of the names above.
    private void Key(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            Utf8JsonReader ahead = reader;
            ahead.Read();
            if (ahead.TokenType == JsonTokenType.StartObject && ahead.Read() && (ahead.ValueTextEquals("pk"u8) || ahead.ValueTextEquals("sk"u8)))
            {
                while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                {
                    Keys.Add(RecordHere(ref reader, json));
                }
            }
        }
    }

    private static string FirstText(Dictionary<string, string> values) => values.Values.Select(TextOf).FirstOrDefault(static text => text is not null) ?? "";

    // Null for a value that is no text.
    private static string? TextOf(string raw)
    {
        using JsonDocument value = JsonDocument.Parse(raw);
        JsonElement found = value.RootElement.TryGetProperty("AttributeValueList", out JsonElement list) ? list[0] : value.RootElement;
        return found.TryGetProperty("S", out JsonElement text) ? text.GetString() : null;
    }

    private static void Map(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, Dictionary<string, string> into, Func<string, string> clean)
    {
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            into[name] = clean(Encoding.UTF8.GetString(json[start..(int)reader.BytesConsumed]));
        }
    }

    private StubRecord Record(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        reader.Read();
        return RecordHere(ref reader, json);
    }

    private StubRecord RecordHere(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        int start = (int)reader.TokenStartIndex;
        int depth = reader.CurrentDepth;
        string sk = "";
        int size = 0;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            size += reader.TokenType == JsonTokenType.String ? reader.ValueSpan.Length : 0;

            // Attribute names and type tags alternate with the depth.
            if (reader.TokenType == JsonTokenType.PropertyName && ((reader.CurrentDepth - depth) & 1) == 1)
            {
                size += reader.ValueSpan.Length;
                if (reader.CurrentDepth == depth + 1 && reader.ValueTextEquals("pk"u8))
                {
                    PartitionKey = Text(ref reader, PartitionKey);
                    size += PartitionKey.Length;
                }
                else if (reader.CurrentDepth == depth + 1 && reader.ValueTextEquals("sk"u8))
                {
                    sk = Text(ref reader, "");
                    size += sk.Length;
                }
            }
        }

        return new StubRecord(PartitionKey, sk, json[start..(int)reader.BytesConsumed].ToArray(), size);
    }

    // The S of the attribute value that comes next; records of one request have one partition key nearly always.
    private static string Text(ref Utf8JsonReader reader, string likely)
    {
        reader.Read();
        reader.Read();
        reader.Read();
        string text = reader.ValueTextEquals(likely) ? likely : reader.GetString()!;
        reader.Read();
        return text;
    }
}
