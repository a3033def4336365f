using System.Buffers;
using System.Text;
using System.Text.Json;

namespace DigestStore.Benchmarks.Peers;

/// <summary>The Query of a day over a bare HttpClient, with a Utf8JsonReader.</summary>
internal static class RawQuery
{
    /// <summary>Reads one record. The reader stands on its opening brace, and then on its closing one.</summary>
    public delegate void ReadRecord(ref Utf8JsonReader json);

    /// <summary>Returns the sort key to go on after.</summary>
    public static async Task<string?> SendAsync(SignedHttp http, string pk, string? after, ReadRecord read)
    {
        string start = after is null ? "" : $"\"ExclusiveStartKey\":{{\"pk\":{{\"S\":\"{pk}\"}},\"sk\":{{\"S\":\"{after}\"}}}},";
        byte[] body = Encoding.UTF8.GetBytes(
            $"{{\"ConsistentRead\":true,{start}\"ExpressionAttributeNames\":{{\"#pk\":\"pk\"}},\"ExpressionAttributeValues\":{{\":pk\":{{\"S\":\"{pk}\"}}}}," +
            $"\"KeyConditionExpression\":\"#pk = :pk\",\"ReturnConsumedCapacity\":\"TOTAL\",\"TableName\":\"{SdkClient.Table}\"}}");
        (byte[] buffer, int length) = await http.SendAsync("Query", body);
        after = Page(buffer.AsSpan(0, length), read);
        ArrayPool<byte>.Shared.Return(buffer);
        return after;
    }

    private static string? Page(ReadOnlySpan<byte> answer, ReadRecord read)
    {
        string? after = null;
        var json = new Utf8JsonReader(answer);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("Items"u8))
            {
                json.Read();
                while (json.Read() && json.TokenType == JsonTokenType.StartObject)
                {
                    read(ref json);
                }
            }
            else if (json.ValueTextEquals("LastEvaluatedKey"u8))
            {
                using JsonDocument key = JsonDocument.ParseValue(ref json);
                after = key.RootElement.GetProperty("sk").GetProperty("S").GetString();
            }
            else
            {
                json.Skip();
            }
        }

        return after;
    }
}
