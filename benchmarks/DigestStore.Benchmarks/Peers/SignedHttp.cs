using System.Buffers;
using System.Globalization;
using System.IO.Hashing;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace DigestStore.Benchmarks.Peers;

/// <summary>DynamoDB over a bare HttpClient with Signature Version 4: the least that a client can do.</summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html</remarks>
internal sealed class SignedHttp(Uri url) : IDisposable
{
    private const string TargetPrefix = "DynamoDB_20120810.";
    private const string Region = "us-east-1";
    private const string SignedHeaders = "host;x-amz-date;x-amz-target";
    private const int MaxText = 512;

    private static readonly MediaTypeHeaderValue ContentType = new("application/x-amz-json-1.0");

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
    private string _keyDay = "";
    private byte[] _key = [];

    /// <summary>Returns a rented buffer and the length of the answer in it, whose checksum it has compared.</summary>
    public async Task<(byte[] Buffer, int Length)> SendAsync(string operation, ReadOnlyMemory<byte> body)
    {
        using var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = ContentType;
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        Sign(request, TargetPrefix + operation, body.Span);
        using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        int expected = (int)response.Content.Headers.ContentLength!.Value;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(expected);
        using Stream stream = await response.Content.ReadAsStreamAsync();
        await stream.ReadExactlyAsync(buffer.AsMemory(0, expected));
        return !response.Headers.TryGetValues("x-amz-crc32", out IEnumerable<string>? checksum) ||
            uint.Parse(checksum.First(), CultureInfo.InvariantCulture) == Crc32.HashToUInt32(buffer.AsSpan(0, expected))
            ? (buffer, expected)
            : throw new InvalidDataException("The answer's body does not have the checksum that its header says.");
    }

    public void Dispose() => _http.Dispose();

    private void Sign(HttpRequestMessage request, string target, ReadOnlySpan<byte> body)
    {
        string instant = DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        ReadOnlySpan<char> day = instant.AsSpan(0, 8);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<char> hex = stackalloc char[2 * SHA256.HashSizeInBytes];
        Span<char> text = stackalloc char[MaxText];
        Span<byte> bytes = stackalloc byte[MaxText];

        SHA256.HashData(body, hash);
        Convert.TryToHexStringLower(hash, hex, out _);
        text.TryWrite($"POST\n/\n\nhost:{url.Authority}\nx-amz-date:{instant}\nx-amz-target:{target}\n\n{SignedHeaders}\n{hex}", out int length);
        SHA256.HashData(bytes[..Encoding.ASCII.GetBytes(text[..length], bytes)], hash);
        Convert.TryToHexStringLower(hash, hex, out _);
        text.TryWrite($"AWS4-HMAC-SHA256\n{instant}\n{day}/{Region}/dynamodb/aws4_request\n{hex}", out length);
        HMACSHA256.HashData(Key(day), bytes[..Encoding.ASCII.GetBytes(text[..length], bytes)], hash);
        Convert.TryToHexStringLower(hash, hex, out _);

        request.Headers.TryAddWithoutValidation("X-Amz-Date", instant);
        request.Headers.TryAddWithoutValidation("X-Amz-Target", target);
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"AWS4-HMAC-SHA256 Credential=local/{day}/{Region}/dynamodb/aws4_request, SignedHeaders={SignedHeaders}, Signature={hex}");
    }

    private byte[] Key(ReadOnlySpan<char> day)
    {
        if (!day.SequenceEqual(_keyDay))
        {
            byte[] key = "AWS4local"u8.ToArray();
            foreach (string part in (string[])[day.ToString(), Region, "dynamodb", "aws4_request"])
            {
                key = HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(part));
            }

            (_key, _keyDay) = (key, day.ToString());
        }

        return _key;
    }
}
