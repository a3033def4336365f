using System.Buffers;
using System.Text.Json;

namespace DigestStore.Benchmarks.Peers;

/// <summary>The same work with a bare HttpClient, and JSON written and read by hand: the least that a client can do.</summary>
internal sealed class RawSameWork(Uri url) : SameWorkPeer(AllPeers.Raw, "raw-http")
{
    private readonly SignedHttp _http = new(url);

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
        var body = new PooledBytes();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            write(json);
            json.WriteString("ReturnConsumedCapacity", "TOTAL");
            json.WriteEndObject();
        }

        (byte[] answer, int length) = await _http.SendAsync(operation, body.Buffer, body.Length);
        RequireAllProcessed(answer.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(answer);
        body.Return();
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

    // One rented buffer, long enough for 25 items of the benchmark.
    private sealed class PooledBytes : IBufferWriter<byte>
    {
        private const int FirstSize = 64 * 1024;

        public byte[] Buffer { get; private set; } = ArrayPool<byte>.Shared.Rent(FirstSize);

        public int Length { get; private set; }

        public void Advance(int count) => Length += count;

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            if (Buffer.Length - Length < Math.Max(1, sizeHint))
            {
                byte[] larger = ArrayPool<byte>.Shared.Rent((Buffer.Length * 2) + sizeHint);
                Buffer.AsSpan(0, Length).CopyTo(larger);
                Return();
                Buffer = larger;
            }

            return Buffer.AsMemory(Length);
        }

        public void Return() => ArrayPool<byte>.Shared.Return(Buffer);
    }
}
