using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using DigestStore.DynamoDb;
using DigestStore.Records;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Sqlite;

// A record as a row of the file.
internal sealed class RecordRow
{
    // Texts stay readable in any SQLite shell, all but characters outside of the Basic Multilingual Plane, which this encoder always escapes.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public required RecordKey Key { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    // In bytes, by DynamoDB's rules.
    public required int Size { get; init; }

    public long? ExpiresAt { get; init; }

    // Set if the record is in the index by-status.
    public string? StatusPk { get; init; }

    public string? StatusSk { get; init; }

    public static RecordRow Of(Dictionary<string, AttributeValue> record, int size)
    {
        var body = new ArrayBufferWriter<byte>(size + (size / 2) + 256);
        using (var writer = new Utf8JsonWriter(body, Plain))
        {
            AttributeJson.WriteMap(writer, record);
        }

        (string? statusPk, string? statusSk) = (ItemReader.Text(record, N.StatusIndexPk), ItemReader.Text(record, N.StatusIndexSk));
        bool isIndexed = !string.IsNullOrEmpty(statusPk) && !string.IsNullOrEmpty(statusSk);
        return new RecordRow
        {
            Key = new RecordKey(record[N.Pk].S, record[N.Sk].S),
            Body = body.WrittenMemory,
            Size = size,
            ExpiresAt = long.TryParse(ItemReader.Digits(record, N.ExpiresAt), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seconds) ? seconds : null,
            StatusPk = isIndexed ? statusPk : null,
            StatusSk = isIndexed ? statusSk : null,
        };
    }

    // Somebody may have edited the body, so it is checked as an answer of DynamoDB is.
    public static Dictionary<string, AttributeValue> Read(ReadOnlySpan<byte> body, RecordKey key)
    {
        if (!AnswerShape.IsAttributeMap(body))
        {
            throw new DamagedRecordException(key);
        }

        Utf8JsonReader reader = AnswerShape.CreateReader(body);
        reader.Read();
        return AttributeJson.ReadMap(ref reader);
    }
}
