using System.Buffers;
using System.Text.Json;

namespace DigestStore.Benchmarks.Peers;

/// <summary>The limit: request bodies made beforehand, signed and sent over a bare HttpClient.</summary>
internal sealed class RawStorePeer(Uri url, int atOnce) : IStorePeer
{
    public const string Digest = "raw";
    private const string Target = "DynamoDB_20120810.BatchWriteItem";

    private readonly SignedHttp _http = new(url);

    public string Name => $"raw HttpClient, prebuilt bytes, SigV4, {atOnce} at once (the limit)";

    public Func<Task> Prepare(DateOnly date, PeerItem[] items)
    {
        var bodies = new List<byte[]>();
        for (int from = 0; from < items.Length; from += BatchPeer.BatchSize)
        {
            bodies.Add(Body(date, items, from, Math.Min(from + BatchPeer.BatchSize, items.Length)));
        }

        return () =>
        {
            int next = -1;
            return Task.WhenAll(Enumerable.Range(0, Math.Min(atOnce, bodies.Count)).Select(_ => WorkAsync(bodies, () => Interlocked.Increment(ref next))));
        };
    }

    public void Dispose() => _http.Dispose();

    private async Task WorkAsync(List<byte[]> bodies, Func<int> take)
    {
        for (int index = take(); index < bodies.Count; index = take())
        {
            (byte[] buffer, int length) = await _http.SendAsync(Target, bodies[index], bodies[index].Length);
            RequireAllProcessed(buffer.AsSpan(0, length));
            ArrayPool<byte>.Shared.Return(buffer);
        }
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

    private static byte[] Body(DateOnly date, PeerItem[] items, int from, int to)
    {
        var bytes = new ArrayBufferWriter<byte>(32 * 1024);
        using var json = new Utf8JsonWriter(bytes);
        json.WriteStartObject();
        json.WriteStartObject("RequestItems");
        json.WriteStartArray(SdkClient.Table);
        for (int index = from; index < to; index++)
        {
            json.WriteStartObject();
            json.WriteStartObject("PutRequest");
            json.WriteStartObject("Item");
            RawRecord.Write(json, items[index], PeerItem.PartitionKey(Digest, date), PeerItem.Date(date), PeerItem.Instant(DateTimeOffset.UtcNow), index);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenSpan.ToArray();
    }
}
