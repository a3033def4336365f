using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;

namespace DigestStore.Benchmarks.Peers;

/// <summary>The same work with a bare HttpClient, and JSON written and read by hand: the least that a client can do.</summary>
internal sealed class RawSameWork(Uri url) : SameWorkPeer(AllPeers.Raw, "raw-http")
{
    private const int BodyBytes = 64 * 1024;

    private readonly SignedHttp _http = new(url);
    private readonly ConcurrentBag<ArrayBufferWriter<byte>> _bodies = [];

    public override void Dispose() => _http.Dispose();

    protected override Task<string?> ReadPageAsync(string pk, string? after, Dictionary<string, string> hashes) =>
        RawQuery.SendAsync(_http, pk, after, (ref json) => RawRecord.ReadHash(ref json, hashes));

    protected override Task WriteBatchAsync(string pk, string day, string now, PeerItem[] items, ReadOnlyMemory<int> ordinals) => SendAsync("BatchWriteItem", json =>
    {
        json.WriteStartObject("RequestItems");
        json.WriteStartArray(SdkClient.Table);
        foreach (int ordinal in ordinals.Span)
        {
            json.WriteStartObject();
            json.WriteStartObject("PutRequest");
            json.WriteStartObject("Item");
            RawRecord.Write(json, items[ordinal], pk, day, now, ordinal);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    protected override Task UpdateHeaderAsync(string pk, HeaderUpdate update) => SendAsync("UpdateItem", json =>
    {
        json.WriteString("TableName", SdkClient.Table);
        json.WriteStartObject("Key");
        RawRecord.Write(json, "pk", "S", pk);
        RawRecord.Write(json, "sk", "S", "HEADER");
        json.WriteEndObject();
        json.WriteString("UpdateExpression", HeaderUpdate.Changes);
        json.WriteString("ConditionExpression", HeaderUpdate.Condition);
        json.WriteStartObject("ExpressionAttributeNames");
        Array.ForEach(HeaderUpdate.Names, name => json.WriteString("#" + name, name));
        json.WriteEndObject();
        json.WriteStartObject("ExpressionAttributeValues");
        int index = 0;
        foreach ((string type, string value) in update.Values())
        {
            RawRecord.Write(json, $":{index++}", type, value);
        }

        json.WriteEndObject();
        json.WriteString("ReturnValuesOnConditionCheckFailure", "ALL_OLD");
    });

    private async Task SendAsync(string operation, Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> body = _bodies.TryTake(out ArrayBufferWriter<byte>? used) ? used : new(BodyBytes);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            write(json);
            json.WriteString("ReturnConsumedCapacity", "TOTAL");
            json.WriteEndObject();
        }

        (byte[] answer, int length) = await _http.SendAsync(operation, body.WrittenMemory);
        RequireAllProcessed(answer.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(answer);
        body.ResetWrittenCount();
        _bodies.Add(body);
    }

    private static void RequireAllProcessed(ReadOnlySpan<byte> answer)
    {
        var reader = new Utf8JsonReader(answer);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("PutRequest"u8))
            {
                throw new InvalidOperationException("The stub left something unprocessed.");
            }
        }
    }
}
