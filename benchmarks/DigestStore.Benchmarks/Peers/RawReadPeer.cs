using System.Buffers;
using System.Text;
using System.Text.Json;

namespace DigestStore.Benchmarks.Peers;

/// <summary>The limit of reading: a bare HttpClient and a Utf8JsonReader that makes the items as it goes.</summary>
internal sealed class RawReadPeer(Uri url, string digest) : IReadPeer
{
    private const string Target = "DynamoDB_20120810.Query";

    private readonly SignedHttp _http = new(url);

    public string Name => "raw HttpClient, SigV4, Utf8JsonReader (the limit)";

    // Reads the day of another peer.
    public Task SeedAsync(DateOnly date, PeerItem[] items) => Task.CompletedTask;

    public async Task<int> ReadAsync(DateOnly date)
    {
        string pk = PeerItem.PartitionKey(digest, date);
        var items = new List<StoredDigestItem>();
        string? after = null;
        do
        {
            string start = after is null ? "" : $",\"ExclusiveStartKey\":{{\"pk\":{{\"S\":\"{pk}\"}},\"sk\":{{\"S\":\"{after}\"}}}}";
            byte[] body = Encoding.UTF8.GetBytes(
                $"{{\"TableName\":\"{SdkClient.Table}\",\"KeyConditionExpression\":\"pk = :pk\",\"ExpressionAttributeValues\":{{\":pk\":{{\"S\":\"{pk}\"}}}},\"ConsistentRead\":true{start}}}");
            (byte[] buffer, int length) = await _http.SendAsync(Target, body, body.Length);
            after = Page(buffer.AsSpan(0, length), date, items);
            ArrayPool<byte>.Shared.Return(buffer);
        }
        while (after is not null);
        return items.Count;
    }

    public void Dispose() => _http.Dispose();

    // The sort key to go on after.
    private static string? Page(ReadOnlySpan<byte> answer, DateOnly date, List<StoredDigestItem> items)
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
                    if (RawRecord.Read(ref json, date) is { } item)
                    {
                        items.Add(item);
                    }
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
