using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DigestStore.TestSupport;

/// <summary>An HTTP response in parts, so that a fault can send or spoil each of them.</summary>
public sealed record Reply
{
    private const string Json = "application/x-amz-json-1.0";

    public required int Status { get; init; }

    public string ContentType { get; init; } = Json;

    public byte[] Body { get; init; } = [];

    /// <value>Replaces or adds to the standard headers; null takes a header away.</value>
    public IReadOnlyDictionary<string, string?> Headers { get; init; } = new Dictionary<string, string?>();

    public static Reply Of(int status, JsonNode body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new Reply { Status = status, Body = JsonSerializer.SerializeToUtf8Bytes(body) };
    }

    /// <summary>The way in which DynamoDB words an error.</summary>
    public static Reply Error(int status, string code, string message, JsonObject? item = null)
    {
        var body = new JsonObject
        {
            ["__type"] = "com.amazonaws.dynamodb.v20120810#" + code,
            ["message"] = message,
        };
        if (item is not null)
        {
            body["Item"] = item;
        }

        return Of(status, body);
    }

    public JsonObject ParseBody() => JsonNode.Parse(Body)!.AsObject();

    public byte[] Head()
    {
        var headers = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Content-Type"] = ContentType,
            ["Content-Length"] = Body.Length.ToString(CultureInfo.InvariantCulture),
            ["x-amzn-RequestId"] = Guid.NewGuid().ToString("N"),
            ["x-amz-crc32"] = Crc32.HashToUInt32(Body).ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in Headers)
        {
            headers[name] = value;
        }

        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {Status} Scripted\r\n");
        foreach (var (name, value) in headers.Where(header => header.Value is not null))
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        return Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());
    }
}
